// What somebody writes in place of options that are none is refused at once, and the sentence says what is needed.

import { buildSchema } from 'graphql';
import { describe, expect, test } from 'vitest';
import { OptionError } from '../../../src/protocol/errors/option-error.js';
import { createHandler, createServer, memoryIdempotency, serve } from '../../../src/server/index.js';

const schema = buildSchema('type Query { hello: String }');
const server = createServer({ schema });

describe('no object in place of the options', () => {
  test.each<[string, (options: never) => unknown]>([
    ['createServer', createServer],
    ['serve', (options) => serve(server, options)],
    ['createHandler', (options) => createHandler(server, options)],
    ['drain', (options) => server.drain(options)],
    ['memoryIdempotency', memoryIdempotency],
  ])('%s', async (name, call) => {
    for (const given of [null, 4000, 'text']) {
      const refusal = await (async () => call(given as never))().catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(OptionError);
      expect(refusal).toMatchObject({ message: expect.stringContaining(name) });
    }
  });
});

describe('allowedOrigins', () => {
  test.each([
    'localhost:3000',
    'https://*.example.com',
    'example.com',
    'null',
    '',
    'mailto:a@example.com',
    'https://a.example,https://b.example',
    'https://a.example/app',
    'https://me@a.example',
    'https://a.example?b',
  ])('does not take %j, which would never be anybody’s', (origin) => {
    expect(() => createServer({ schema, allowedOrigins: [origin] })).toThrow(OptionError);
  });

  test.each(['*', 'http://localhost:3000', 'https://app.example.com', 'https://[::1]:8443', 'chrome-extension://abc'])(
    'takes %j',
    (origin) => {
      expect(() => createServer({ schema, allowedOrigins: [origin] })).not.toThrow();
    },
  );
});

test('a name that nothing has is said to be one', async () => {
  // One that no server of names is asked about: it might not be there, or not answer.
  const listening = serve(server, { port: 0, host: 'no such name', quiet: true });
  await expect(listening).rejects.toMatchObject({ name: 'ListenError', message: expect.stringContaining('"host"') });
});

test('drain rejects, as whoever only looks at its promise expects', async () => {
  const drained = createServer({ schema }).drain({ deadlineMs: -1 });
  await expect(drained).rejects.toMatchObject({ name: 'OptionError', option: 'deadlineMs' });
});
