// What an operation hears from answers that come as streams: GraphQL over server-sent events, multipart subscriptions, answers
// in parts; and whether a body that ends has ended as it should.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BodyReaderOptions, createBodyReader } from '../../../src/protocol/http/body-reader.js';
import type { BodyReader, Outcome } from '../../../src/protocol/http/outcome.js';
import { anyCuts, bytesOf, cut, oneByteEach, tell } from './support/streams.js';

function readerOf(contentType: string, options: Partial<BodyReaderOptions> = {}): BodyReader {
  const reader = createBodyReader({ contentType, subscription: true, maxMessageBytes: 1000, ...options });
  if (reader === undefined) throw new Error(`${contentType} should be a stream`);
  return reader;
}

/** Everything that is heard of a stream, its end included. The same however it is cut. */
function hear(contentType: string, stream: string | Uint8Array, options: Partial<BodyReaderOptions> = {}): Outcome[] {
  const heard = (cutUp: (bytes: Uint8Array) => Iterable<Uint8Array>) => {
    const reader = readerOf(contentType, options);
    const outcomes = tell(reader, cutUp(typeof stream === 'string' ? bytesOf(stream) : stream));
    return [...outcomes, reader.end()];
  };
  const outcomes = heard((bytes) => [bytes]);
  expect(heard(oneByteEach)).toEqual(outcomes);
  return outcomes;
}

const next = (result: object): object => ({ type: 'next', result });
const alive = { type: 'alive' };
const complete = { type: 'complete' };
const truncated = { type: 'truncated' };

describe('the reader', () => {
  test.each([
    undefined,
    '',
    'application/json',
    'application/graphql-response+json',
    'text/html',
    'nonsense',
    'multipart/form-data; boundary=b',
  ])('is none for an answer of type %s, which comes whole', (contentType) => {
    expect(createBodyReader({ contentType, subscription: true, maxMessageBytes: 1000 })).toBeUndefined();
  });

  test('parses JSON as the program wants it', () => {
    const parse = (text: string) => ({ data: { text } });
    expect(hear('text/event-stream', 'data: x\n\n', { parse })).toMatchObject([
      next({ data: { text: 'x' } }),
      truncated,
    ]);
    expect(hear('multipart/mixed', '---\n\nx\n---', { parse })).toMatchObject([
      next({ data: { text: 'x' } }),
      truncated,
    ]);
  });

  test('survives a parser that throws anything', () => {
    const parse = () => {
      throw undefined;
    };
    expect(hear('text/event-stream', 'data: x\n\n', { parse })).toMatchObject([{ type: 'invalid' }, truncated]);
  });
});

describe('server-sent events', () => {
  const listen = (stream: string | Uint8Array, options?: Partial<BodyReaderOptions>) =>
    hear('text/event-stream; charset=utf-8', stream, options);

  test('named next are results, and complete is the end', () => {
    const stream =
      'event: next\ndata: {"data":{"n":1}}\n\nevent: next\ndata: {"data":{"n":2}}\n\nevent: complete\ndata:\n\n';
    expect(listen(stream)).toEqual([
      { type: 'next', result: { data: { n: 1 } }, bytes: 35 },
      { type: 'next', result: { data: { n: 2 } }, bytes: 35 },
      complete,
      complete,
    ]);
  });

  test('without a name, or named message, are results too', () => {
    expect(listen('data: {"data":1}\n\n'.replace('1', '{}'))).toMatchObject([next({ data: {} }), truncated]);
    expect(listen('event: message\ndata: {"data":null}\n\n')).toMatchObject([next({ data: null }), truncated]);
  });

  test('with errors are results', () => {
    const errors = [{ message: 'no' }];
    expect(listen(`data: ${JSON.stringify({ errors })}\n\n`)).toMatchObject([next({ errors }), truncated]);
  });

  test('may spread their JSON over lines, and end them with CRLF', () => {
    expect(listen('event: next\r\ndata: {"data":\r\ndata: {"n": 1}\r\ndata: }\r\n\r\n')).toMatchObject([
      next({ data: { n: 1 } }),
      truncated,
    ]);
  });

  test('may be parts of one answer', () => {
    const stream =
      'event: next\ndata: {"data":{},"hasNext":true}\n\nevent: next\ndata: {"incremental":[],"hasNext":false}\n\nevent: complete\n\n';
    expect(listen(stream, { subscription: false })).toMatchObject([
      next({ data: {}, hasNext: true }),
      next({ incremental: [], hasNext: false }),
      complete,
      complete,
    ]);
  });

  test.each([
    ['comments', ':\n\n: ping\n\n'],
    ['events without data', 'event: next\n\nevent: message\ndata:\n\n'],
    ['events with other names', 'event: ping\ndata: {}\n\nevent: error\n\n'],
  ])('that are %s are signs of life', (_, stream) => {
    expect(listen(stream)).toEqual([alive, alive, truncated]);
  });

  test.each(['event: complete\n\n', 'event: complete\ndata: null\n\n', 'event:complete\rdata: x\r\r'])(
    'end with %j, after which nothing is heard',
    (stream) => {
      expect(listen(`${stream}: ping\n\nevent: next\ndata: {"data":{}}\n\n`)).toEqual([complete, complete]);
    },
  );

  test.each([
    ['', 'no bytes at all'],
    ['data: {"data":{}}', 'half an event'],
    ['event: complete\ndata:\n', 'an end that is not finished'],
  ])('are cut off after %j: %s', (stream) => expect(listen(stream)).toEqual([truncated]));

  test.each([
    ['{"data":', 'an event is not valid JSON'],
    ['[]', 'an event must be a JSON object, not an array'],
    ['null', 'an event must be a JSON object, not null'],
    ['{}', 'an event is no GraphQL result: it holds neither data nor errors'],
    ['{"data":5}', 'an event is no GraphQL result: "data" must be an object, not 5'],
  ])('that hold %s are invalid, say why, and end the stream', (data, reason) => {
    expect(listen(`data: ${data}\n\ndata: {"data":{}}\n\nevent: complete\n\n`)).toMatchObject([
      { type: 'invalid', reason, start: data },
      truncated,
    ]);
  });

  test('are quoted by their beginning, and the parser is heard', () => {
    const [outcome] = listen(`data: ${'x'.repeat(900)}\n\n`);
    expect(outcome).toMatchObject({ start: 'x'.repeat(200), cause: expect.any(SyntaxError) });
  });

  test('that are too large end the stream', () => {
    const reader = readerOf('text/event-stream');
    expect(reader.push(bytesOf(`data: ${'x'.repeat(2000)}`))).toEqual([{ type: 'too-large', bytes: 2006 }]);
    expect(reader.push(bytesOf('\n\nevent: complete\n\n'))).toEqual([]);
    expect(reader.end()).toEqual(truncated);
  });
});

describe('multipart subscriptions', () => {
  const type = 'multipart/mixed; boundary="graphql"; subscriptionSpec="1.0"';
  const part = (body: string) => `\r\n--graphql\r\ncontent-type: application/json\r\n\r\n${body}`;
  const end = '\r\n--graphql--\r\n';
  const listen = (...bodies: readonly string[]) => hear(type, `${bodies.map(part).join('')}${end}`);

  test('have a result in the payload of each part, and end with the end marker', () => {
    expect(
      listen('{}', '{"payload":{"data":{"n":1}}}', '{}', '{"payload":{"data":null,"errors":[{"message":"no"}]}}'),
    ).toMatchObject([
      alive,
      next({ data: { n: 1 } }),
      alive,
      next({ data: null, errors: [{ message: 'no' }] }),
      complete,
      complete,
    ]);
  });

  test('tell the size of a part as it was received', () => {
    expect(listen('{"payload":{"data":{"n":"€"}}}')).toMatchObject([{ bytes: 32 }, complete, complete]);
  });

  test('end with errors that stand beside the payload', () => {
    const errors = [{ message: 'gone' }];
    expect(listen(JSON.stringify({ payload: null, errors }), '{"payload":{"data":{}}}')).toMatchObject([
      { type: 'errors', errors },
      truncated,
    ]);
    expect(listen(JSON.stringify({ errors }))).toMatchObject([{ type: 'errors', errors }, truncated]);
    expect(listen(JSON.stringify({ payload: { data: {} }, errors }))).toMatchObject([
      next({ data: {} }),
      { type: 'errors' },
      truncated,
    ]);
    expect(listen('{"payload":null,"errors":"gone"}')).toMatchObject([{ type: 'errors', errors }, truncated]);
  });

  test('end where a part says that they are done', () => {
    expect(hear(type, part('{"done":true}\r\n--graphql'))).toEqual([complete, complete]);
    expect(listen('{"payload":{"data":{}},"done":true}', '{"payload":{"data":{}}}')).toMatchObject([
      next({ data: {} }),
      complete,
      complete,
    ]);
    expect(listen('{"payload":null,"done":true}')).toEqual([complete, complete]);
    expect(listen('{"payload":{"data":{}},"done":false}', '{}')).toMatchObject([
      next({ data: {} }),
      alive,
      complete,
      complete,
    ]);
  });

  test.each([
    ['{"payload":', 'a part is not valid JSON'],
    ['"payload"', 'a part must be a JSON object, not "payload"'],
    ['{"data":{}}', 'a part needs a payload that is an object, not undefined'],
    ['{"payload":[]}', 'a part needs a payload that is an object, not an array'],
    ['{"payload":null}', 'a part has a payload of null and no errors'],
    ['{"payload":null,"errors":[]}', 'a part has a payload of null and no errors'],
    ['{"payload":{}}', 'the payload of a part is no GraphQL result: it holds neither data nor errors'],
  ])('skip %s, say why, and go on', (body, reason) => {
    expect(listen(body, '{"payload":{"data":{}}}')).toMatchObject([
      { type: 'skipped', reason, start: body },
      next({ data: {} }),
      complete,
      complete,
    ]);
  });

  test('skip a part that is no UTF-8, and go on', () => {
    const stream = bytesOf(part('{"payload":{"data":{"n":"'), new Uint8Array([0xe2, 0x82]), '"}}}', part('{}'), end);
    expect(hear(type, stream)).toMatchObject([
      { type: 'skipped', reason: 'a part is not valid UTF-8' },
      alive,
      complete,
      complete,
    ]);
  });

  test('are invalid with parts of another type', () => {
    const stream = '--graphql\r\ncontent-type: text/html\r\n\r\n<html>\r\n--graphql--';
    expect(hear(type, stream)).toMatchObject([
      { type: 'invalid', reason: 'a part is of type "text/html", not JSON', start: '<html>' },
      truncated,
    ]);
  });

  test('may have parts of any type that is JSON, or of none', () => {
    for (const headers of [
      '',
      'Content-Type: application/graphql-response+json\r\n',
      'content-type: application/json;charset=utf-8\r\n',
    ]) {
      expect(hear(type, `--graphql\r\n${headers}\r\n{}${end}`)).toEqual([alive, complete, complete]);
    }
  });

  test('may be empty', () => {
    expect(hear(type, '')).toEqual([complete]);
    expect(hear(type, '--graphql--')).toEqual([complete, complete]);
    expect(listen('')).toEqual([alive, complete, complete]);
  });

  test('are cut off without the end marker', () => {
    expect(hear(type, '\r\n')).toEqual([truncated]);
    expect(hear(type, part('{"payload":{"data":{}}}'))).toEqual([truncated]);
    expect(hear(type, `${part('{"payload":{"data":{}}}')}\r\n--graphql\r\n`)).toMatchObject([
      next({ data: {} }),
      truncated,
    ]);
  });

  test('are known by the payload where the server does not say what they are, and may do without envelopes', () => {
    const stream = '---\r\n\r\n{"payload":{"data":{"n":1}}}\r\n---\r\n\r\n{"data":{"n":2}}\r\n---\r\n\r\nx\r\n-----';
    expect(hear('multipart/mixed', stream)).toMatchObject([
      next({ data: { n: 1 } }),
      next({ data: { n: 2 } }),
      { type: 'skipped' },
      complete,
      complete,
    ]);
  });

  test('end where a part is too large', () => {
    const reader = readerOf(type);
    expect(reader.push(bytesOf(part('x'.repeat(1001))))).toEqual([{ type: 'too-large', bytes: 1001 }]);
    expect(reader.push(bytesOf(end))).toEqual([]);
    expect(reader.end()).toEqual(truncated);
  });

  test('are invalid where the stream breaks the rules', () => {
    const reason = 'the line of a boundary goes on with something else';
    expect(hear(type, '--graphqlx\r\n\r\n{}\r\n--graphql--')).toMatchObject([{ type: 'invalid', reason }, truncated]);
  });
});

describe('answers in parts', () => {
  const listen = (stream: string) =>
    hear('multipart/mixed; boundary="-"; deferSpec=20220824', stream, { subscription: false });
  const parts = (...bodies: readonly string[]) =>
    `\r\n---${bodies.map((body) => `\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}\r\n---`).join('')}--\r\n`;

  test('are passed on as they are, in either format', () => {
    const older = [
      { data: { a: 1 }, hasNext: true },
      { incremental: [{ path: [], data: { b: 2 } }], hasNext: true },
      { hasNext: false },
    ];
    const newer = [
      { data: {}, pending: [{ id: '0', path: [] }], hasNext: true },
      { incremental: [{ id: '0', data: { b: 2 } }], completed: [{ id: '0' }], hasNext: false },
    ];
    for (const results of [older, newer]) {
      expect(listen(parts(...results.map((result) => JSON.stringify(result))))).toMatchObject([
        ...results.map(next),
        complete,
        complete,
      ]);
    }
  });

  test('may begin with an empty part, and have heartbeats between', () => {
    expect(listen(parts('{}', '{"data":{},"hasNext":true}', '{}', '', '{"hasNext":false}'))).toMatchObject([
      alive,
      next({ hasNext: true }),
      alive,
      alive,
      next({ hasNext: false }),
      complete,
      complete,
    ]);
  });

  test('are heard as soon as they are there', () => {
    const reader = readerOf('multipart/mixed; boundary="-"', { subscription: false });
    const push = (text: string) => reader.push(bytesOf(text));
    expect(
      push('\r\n---\r\ncontent-type: application/json\r\n\r\n{"data":{},"hasNext":true}\r\n---\r\n'),
    ).toMatchObject([next({ data: {} })]);
    expect(push('content-type: application/json\r\n\r\n{"hasNext":false}\r\n-----\r\n')).toMatchObject([
      next({ hasNext: false }),
      complete,
    ]);
    expect(reader.end()).toEqual(complete);
  });

  test('are invalid where one cannot be read, because the answer would be wrong without it', () => {
    expect(listen(parts('{"data":{},"hasNext":true}', '{"incremental', '{"hasNext":false}'))).toMatchObject([
      next({ data: {} }),
      { type: 'invalid', reason: 'a part is not valid JSON', start: '{"incremental' },
      truncated,
    ]);
    expect(listen(parts('{"data":5,"hasNext":true}'))).toMatchObject([{ type: 'invalid' }, truncated]);
  });

  test('are cut off without the end marker, whatever their last part says', () => {
    const stream = parts('{"data":{},"hasNext":true}', '{"hasNext":false}').slice(0, -4);
    expect(listen(stream)).toMatchObject([next({ hasNext: true }), next({ hasNext: false }), truncated]);
  });
});

const anyPiece = fc.constantFrom(
  'event: next\n',
  'event: complete\n',
  'data: {"data":{}}\n',
  'data: x\n',
  ':\n',
  '\n',
  '\r\n',
  '\r',
  '\r\n---\r\n',
  '\r\n---',
  '--',
  '{"payload":{"data":{}}}',
  '{"payload":null,"errors":[{"message":"x"}]}',
  '{"data":{},"hasNext":true}',
  '{}',
  '€',
);
const anyStream = fc.oneof(
  fc.array(anyPiece, { maxLength: 25 }).map((pieces) => bytesOf(...pieces)),
  fc.uint8Array({ maxLength: 60 }),
);

describe('any stream', () => {
  test('is heard the same however it is cut, and nothing is heard after its end', () => {
    const types = ['text/event-stream', 'multipart/mixed', 'multipart/mixed; subscriptionSpec=1.0'];
    fc.assert(
      fc.property(
        fc.constantFrom(...types),
        fc.boolean(),
        fc.constantFrom(20, 1000),
        anyStream,
        anyCuts,
        (type, subscription, maxMessageBytes, stream, cuts) => {
          const heard = (chunks: Iterable<Uint8Array>) => {
            const reader = readerOf(type, { subscription, maxMessageBytes });
            const outcomes = tell(reader, chunks);
            const last = outcomes.findIndex((outcome) =>
              ['complete', 'errors', 'invalid', 'too-large'].includes(outcome.type),
            );
            if (last >= 0) expect(outcomes).toHaveLength(last + 1);
            // The bytes of what is too large are those that had come by then.
            return [
              ...outcomes.map((outcome) => (outcome.type === 'too-large' ? outcome.type : outcome)),
              reader.end(),
            ];
          };
          expect(heard(cut(stream, cuts))).toEqual(heard([stream]));
        },
      ),
      { numRuns: 500 },
    );
  });
});
