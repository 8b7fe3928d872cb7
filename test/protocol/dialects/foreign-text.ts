// What a stranger may send: any text, any JSON, and messages that are almost right. Shared by the dialects' property tests.

import fc from 'fast-check';

const types = [
  'connection_init',
  'connection_ack',
  'connection_error',
  'connection_terminate',
  'ka',
  'ping',
  'pong',
  'subscribe',
  'start',
  'stop',
  'next',
  'data',
  'error',
  'complete',
];

const anyJson = fc.jsonValue({ maxDepth: 3 });

const errorEntry = fc.oneof(
  anyJson,
  fc.record(
    {
      message: fc.oneof(fc.string(), anyJson),
      locations: fc.oneof(fc.constant([{ line: 1, column: 2 }]), anyJson),
      path: fc.oneof(fc.constant(['a', 0]), anyJson),
      extensions: anyJson,
    },
    { requiredKeys: [] },
  ),
);

/** Mostly what belongs there, sometimes anything. */
function mostly(right: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 4, arbitrary: right }, anyJson);
}

const object = fc.constantFrom({}, { a: 1 }, null);

const payload = fc.oneof(anyJson, fc.array(errorEntry, { maxLength: 3 }), {
  weight: 4,
  arbitrary: fc.record(
    {
      query: mostly(fc.constant('{ a }')),
      operationName: mostly(fc.string()),
      variables: mostly(object),
      extensions: mostly(object),
      data: mostly(object),
      errors: mostly(fc.array(errorEntry, { maxLength: 3 })),
      hasNext: mostly(fc.boolean()),
      message: anyJson,
    },
    { requiredKeys: [] },
  ),
});

/** A message in which any part may be missing, misspelt or of the wrong kind. */
const nearlyValid = fc
  .record(
    {
      type: fc.oneof({ weight: 20, arbitrary: fc.constantFrom(...types) }, fc.string(), anyJson),
      id: fc.oneof({ weight: 10, arbitrary: fc.constantFrom('1', 'a"b', '__proto__', '\ud800') }, anyJson),
      payload,
      ['__proto__']: anyJson,
    },
    { requiredKeys: [] },
  )
  .map((message) => JSON.stringify(message));

/** Such a message with one character taken out, put in or replaced. */
const damaged = fc
  .tuple(nearlyValid, fc.nat(), fc.constantFrom('', '{', '}', '"', ',', '\\', '\u0000', '\ud800'), fc.nat(1))
  .map(([text, at, put, taken]) => {
    const place = at % (text.length + 1);
    return text.slice(0, place) + put + text.slice(place + taken);
  });

export const foreignText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.json(),
  anyJson.map((value) => JSON.stringify(value)),
  { weight: 4, arbitrary: nearlyValid },
  { weight: 2, arbitrary: damaged },
);

/** JSON so deep that a recursive reader would run out of stack. */
export function deepJson(depth = 100_000): string {
  return '['.repeat(depth) + ']'.repeat(depth);
}
