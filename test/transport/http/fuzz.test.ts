// Any split of any answer into pieces means the same, and nothing that a server sends makes an operation throw.

import fc from 'fast-check';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Request } from '../../../src/transport/contract.js';
import { patienceMs } from '../../server/fuzz/support/patience.js';
import { closure, deferred, openHttp, subscription } from './support/connection.js';
import { json, multipart, sse } from './support/fake-client.js';

beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}));

type Headers = Readonly<Record<string, string>>;

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
  /** How its wire ends. */
  readonly how: 'end' | 'fail';
}

const kinds: readonly Partial<Request>[] = [{}, deferred, subscription, { kind: 'mutation', query: 'mutation { m }' }];

/** Everything that an operation is told of an answer that comes in pieces. */
function heardOf(
  request: Partial<Request>,
  { status, headers, body, how }: Answer,
  pieces: readonly number[],
): unknown {
  const { client, clock, connection, start } = openHttp({}, { maxMessageBytes: 400 });
  const told = start(request);
  const { latest } = client;
  latest.head(status, headers);
  let from = 0;
  for (const length of pieces) {
    latest.chunk(body.subarray(from, from + length));
    from += length;
  }
  if (from < body.length) latest.chunk(body.subarray(from));
  if (how === 'end') latest.end();
  else latest.fail();
  connection.terminate(closure);
  expect(clock.pending).toBe(0);
  const { failure, results } = told;
  return { told: told.told, results, failure: failure && { ...failure, message: sizeless(failure.message) } };
}

/** How much was seen when it was given up depends on the pieces: of what is too large, and of a stream that is none. */
function sizeless(message: string): string {
  return message.replace(/at least \d+ bytes/, 'too many bytes').replace(/(HTTP status \d+): .*/, '$1');
}

const results = fc.oneof(
  fc.record({ data: fc.record({ n: fc.integer(), text: fc.string({ unit: 'binary', maxLength: 20 }) }) }),
  fc.record({ data: fc.constant(null), errors: fc.array(fc.record({ message: fc.string({ maxLength: 10 }) })) }),
  fc.record({ errors: fc.anything(), hasNext: fc.boolean() }),
  fc.record({ data: fc.constant({ a: 1 }), hasNext: fc.boolean() }),
  fc.record({ payload: fc.constantFrom(null, { data: { s: 1 } }, 5), done: fc.boolean() }),
  fc.constant({}),
  fc.jsonValue({ maxDepth: 2 }),
);

const written = results.map((value) => JSON.stringify(value) ?? 'null');
const eol = fc.constantFrom('\n', '\r\n', '\r');

const event = fc
  .tuple(written, eol, fc.constantFrom('next', 'message', 'complete', 'other'))
  .map(([text, end, name]) => `event: ${name}${end}data: ${text}${end}${end}`);
const comment = fc.constantFrom(':\n\n', ': hi\n\n', 'retry: 10\n\n', 'id: 1\n');
const eventStream = fc.array(fc.oneof(event, comment), { maxLength: 5 }).map((items) => items.join(''));

const part = written.map((text) => `\r\ncontent-type: application/json\r\n\r\n${text}\r\n--graphql`);
const parts = fc
  .tuple(fc.array(part, { maxLength: 5 }), fc.constantFrom('--\r\n', '--', ''))
  .map(([items, end]) => `--graphql${items.join('')}${end}`);

const garbage = fc.uint8Array({ maxLength: 120 });
const encoder = new TextEncoder();
const bytes = (text: string): Uint8Array => encoder.encode(text);

const body = fc.oneof(
  fc.tuple(fc.constantFrom<Headers[]>(json, {}, { 'content-type': 'text/html' }), written.map(bytes)),
  fc.tuple(fc.constant<Headers>(sse), eventStream.map(bytes)),
  fc.tuple(fc.constant<Headers>(multipart), parts.map(bytes)),
  fc.tuple(fc.constantFrom<Headers[]>(json, sse, multipart, { 'content-type': '\u0000;;=' }), garbage),
);

/** Some are cut off, and some have a byte of another one. */
const answers: fc.Arbitrary<Answer> = fc
  .record({
    status: fc.constantFrom(200, 200, 200, 204, 302, 400, 429, 500),
    body,
    cut: fc.option(fc.nat(), { freq: 4 }),
    flip: fc.option(fc.tuple(fc.nat(), fc.nat(255)), { freq: 4 }),
    how: fc.constantFrom('end' as const, 'end' as const, 'fail' as const),
  })
  .map(({ status, body: [headers, whole], cut, flip, how }) => {
    const sent = whole.slice(0, cut === null ? whole.length : cut % (whole.length + 1));
    if (flip !== null && sent.length > 0) sent[flip[0] % sent.length] = flip[1];
    return { status, headers, body: sent, how };
  });

const pieces = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 60 });

test('Any split of any answer tells the same, and never throws', { timeout: patienceMs }, () => {
  fc.assert(
    fc.property(fc.constantFrom(...kinds), answers, pieces, (request, answer, lengths) => {
      const whole = heardOf(request, answer, [answer.body.length]);
      expect(heardOf(request, answer, lengths)).toEqual(whole);
      expect(heardOf(request, answer, Array(answer.body.length).fill(1))).toEqual(whole);
    }),
    { numRuns: 1_500 },
  );
});

test('Every operation has exactly one end, unless it was left open by a stream that goes on', {
  timeout: patienceMs,
}, () => {
  fc.assert(
    fc.property(fc.constantFrom(...kinds), answers, pieces, (request, answer, lengths) => {
      const { told } = heardOf(request, answer, lengths) as { told: readonly string[] };
      const last = told.at(-1);
      const ends = told.filter((what) => what === 'error' || what === 'complete');
      expect(told[0]).toBe('sending');
      if (ends.length === 0) expect([request.kind, last]).toEqual([request.kind, 'next']);
      if (request.kind === 'subscription') expect(ends).toHaveLength(1);
      expect(ends.length).toBeLessThanOrEqual(1);
      if (ends.length === 1) expect(last).toBe(ends[0]);
    }),
    { numRuns: 500 },
  );
});

test('Any answer to a batch, in any pieces, gives each of its callers exactly one end', {
  timeout: patienceMs,
}, async () => {
  const listed = fc.oneof(
    fc.array(results, { maxLength: 4 }).map((list) => bytes(JSON.stringify(list))),
    written.map(bytes),
    garbage,
  );
  await fc.assert(
    fc.asyncProperty(listed, pieces, fc.boolean(), async (answer, lengths, ends) => {
      const heard = async (sizes: readonly number[]): Promise<unknown> => {
        const { client, start } = openHttp();
        const callers = [1, 2, 3].map(() => start({ batch: 'one' }));
        await Promise.resolve();
        const { latest } = client;
        latest.head();
        let from = 0;
        for (const size of [...sizes, answer.length]) {
          if (from < answer.length) latest.chunk(answer.subarray(from, from + size));
          from += size;
        }
        if (ends) latest.end();
        else latest.fail();
        for (const { told } of callers) expect(told).toEqual(['sending', expect.stringMatching(/^(next|error)$/)]);
        return callers.map(({ told, results: got, failure }) => ({ told, got, failure }));
      };
      expect(await heard(lengths)).toEqual(await heard([answer.length]));
    }),
    { numRuns: 300 },
  );
});
