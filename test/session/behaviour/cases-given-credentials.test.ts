// Credentials, headers and addresses that a program gave in the wrong shape: refused where they were given, before anything
// is sent without them, and never repeated in what is thrown.

import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { OptionError } from '../../../src/protocol/errors/option-error.js';
import type { ConnectionNotice } from '../../../src/session/notices.js';
import { createSession } from '../../../src/session/session.js';
import type { Credentials } from '../../../src/transport/contract.js';
import { type WebSocketOptions, webSocket } from '../../../src/transport/websocket/index.js';
import { startScripted, startSession } from './support/starting.js';
import { reached, rejection, until } from './support/waiting.js';

const secret = 'hunter2';

function thrownBy(make: () => unknown): OptionError {
  try {
    make();
  } catch (error) {
    expect(error).toBeInstanceOf(OptionError);
    return error as OptionError;
  }
  throw new Error('It was expected to be refused.');
}

/** All that is to be seen of a value, hidden members and causes included. */
const everythingOf = (value: unknown): string => inspect(value, { depth: 20, showHidden: true });

const given: [what: string, credentials: unknown, option: string][] = [
  ['connection parameters that are a promise', { connectionParams: Promise.resolve({ token: secret }) }, 'params'],
  ['connection parameters that are a function', { connectionParams: () => ({ token: secret }) }, 'params'],
  ['connection parameters that are a Map', { connectionParams: new Map([['token', secret]]) }, 'params'],
  ['connection parameters that are text', { connectionParams: secret }, 'params'],
  ['connection parameters that are a list', { connectionParams: [secret] }, 'params'],
  ['connection parameters that become text as JSON', { connectionParams: { toJSON: () => secret } }, 'params'],
  ['headers that are a Headers', { headers: new Headers({ authorization: secret }) }, 'headers'],
  ['headers that are a Map', { headers: new Map([['authorization', secret]]) }, 'headers'],
  ['headers that are entries', { headers: [['authorization', secret]] }, 'headers'],
  ['headers that are text', { headers: secret }, 'headers'],
  ['headers that are a promise', { headers: Promise.resolve({ authorization: secret }) }, 'headers'],
  ['a header without a value', { headers: { authorization: undefined } }, 'headers'],
  ['a header that is a list', { headers: { authorization: [secret] } }, 'headers'],
];
const options: Record<string, string> = {
  params: 'credentials.connectionParams',
  headers: 'credentials.headers',
};

describe('Credentials in a shape that would be lost without a word', () => {
  test.each(given)('%s: are refused with the option, and not repeated', (_what, credentials, option) => {
    const make = () => createSession({ transport: webSocket('ws://127.0.0.1:9'), credentials: credentials as never });
    const error = thrownBy(make);
    expect(error).toMatchObject({ code: 'bad-option', phase: 'prepare', option: options[option] });
    expect(error.message).toMatch(/must (be an object|hold text)/);
    expect(everythingOf(error)).not.toContain(secret);
  });

  test('a promise in the place of the whole: it would be the same credentials for ever', () => {
    const credentials = Promise.resolve({ headers: { authorization: secret } });
    const make = () => createSession({ transport: webSocket('ws://127.0.0.1:9'), credentials: credentials as never });
    expect(thrownBy(make).message).toBe(
      'Option "credentials" must be an object or a function that returns one; it is a promise.',
    );
  });

  test('given by a provider they are a failed attempt that nobody sends, until it gives good ones', async () => {
    const server = await startScripted();
    for (const [, credentials, option] of given) {
      let asked = 0;
      const session = startSession({
        transport: webSocket(server.url),
        credentials: () => {
          asked += 1;
          return asked === 1 ? (credentials as Credentials) : { connectionParams: { token: 'good' } };
        },
      });
      const { cause } = await reached(session, 'waiting');
      expect(cause).toMatchObject({ code: 'credentials', cause: { option: options[option] } });
      expect(everythingOf([cause, session.state])).not.toContain(secret);
      await session.ready();
      await session.close();
    }
    expect(server.upgrades).toBe(given.length);
    const inits = server.connections.map(({ received }) => received[0]?.meaning);
    expect(inits).toEqual(given.map(() => ({ type: 'init', payload: { token: 'good' } })));
  });
});

describe('Headers elsewhere are held to the same', () => {
  const wrong = given.flatMap(([what, credentials, option]) => {
    return option === 'headers' ? ([[what, (credentials as { headers: unknown }).headers]] as const) : [];
  });

  test.each(wrong)('%s, of the transport', (_what, headers) => {
    const error = thrownBy(() => webSocket('ws://127.0.0.1:9', { headers } as WebSocketOptions));
    expect(error.option).toBe('headers');
    expect(everythingOf(error)).not.toContain(secret);
  });

  test.each(wrong)('%s, of a call and of a subscription', async (_what, headers) => {
    const server = await startScripted();
    const session = startSession({ transport: webSocket(server.url) });
    const error = await rejection(session.execute('{ ok }', {}, { headers: headers as never }));
    expect(error).toMatchObject({ name: 'OptionError', option: 'headers', delivery: 'not-sent' });
    expect(everythingOf(error)).not.toContain(secret);
    expect(() => session.subscribe('subscription { n }', {}, { headers: headers as never })).toThrow(OptionError);
    expect(await session.execute('{ ok }', {}, { headers: { 'x-request': '1' } })).toEqual({ ok: true });
    expect(server.executions).toHaveLength(1);
  });
});

test('variables that hide what they hold are refused instead of being sent as nothing', async () => {
  const server = await startScripted();
  const session = startSession({ transport: webSocket(server.url) });
  const hiding = [Promise.resolve({ p: secret }), new Map([['p', secret]]), new URLSearchParams({ p: secret })];
  for (const variables of [...hiding, { toJSON: () => secret }]) {
    const error = await rejection(session.execute('{ ok }', variables));
    expect(error).toMatchObject({ name: 'OptionError', option: 'variables' });
    expect(everythingOf(error)).not.toContain(secret);
  }
  expect(await session.execute('{ ok }', {})).toEqual({ ok: true });
  expect(server.executions).toHaveLength(1);
});

describe('An address that is no URL is shown without what would be a secret in it', () => {
  test.each([
    [`wss//alice:${secret}@host/graphql?token=${secret}`, '"...@host/graphql"'],
    [`alice:p@${secret}@host`, undefined],
    [`/graphql?token=${secret}`, '"/graphql"'],
    [`graphql#${secret}`, '"graphql"'],
    [`//alice:a?${secret}@host`, '"...@host"'],
  ])('%s', (address, shown) => {
    const errors = [thrownBy(() => webSocket(address)), thrownBy(() => webSocket('ws://host', { proxy: address }))];
    for (const error of errors) {
      expect(everythingOf(error)).not.toContain(secret);
      if (shown !== undefined) expect(error.message).toContain(`is not a URL: ${shown}.`);
    }
  });
});

test('an attempt that the session gives up is told as given up, not as a failure of network or provider', async () => {
  const server = await startScripted();
  for (const credentials of [undefined, () => new Promise<Credentials>(() => {})]) {
    const session = startSession({ transport: webSocket(server.url), credentials });
    const notices: ConnectionNotice[] = [];
    session.on('connection', (notice) => notices.push(notice));
    await session.close();
    await until(() => notices.some(({ type }) => type === 'open-failed'));
    expect(notices.filter(({ type }) => type === 'open-failed')).toMatchObject([{ failure: { code: 'aborted' } }]);
  }
  expect(server.upgrades).toBe(0);
});
