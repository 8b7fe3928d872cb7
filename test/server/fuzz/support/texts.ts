// Texts that a peer may send as messages: any JSON, no JSON, and messages that are nearly right.

import fc from 'fast-check';

const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', 'toJSON'] as const;
const oddTexts = fc.oneof(
  fc.constantFrom(...names, '', ' ', '\0', '\ud800', '\udc00 \ud800', '\ufeff', 'live', '1'),
  fc.constantFrom('x'.repeat(129), '\u{1F980}'.repeat(33), 'x'.repeat(100_000)),
  fc.string({ unit: 'binary', maxLength: 10 }),
);
const anything: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  oddTexts,
  fc.constantFrom<unknown>(null, 0, -0, 1e308, true, [], {}, [[]], { ['__proto__']: null }),
);

/** So many lists in each other, as JSON: more than a recursive writer can write, or fewer. */
const deepJson = fc.constantFrom(100, 30_000).map((depth) => '['.repeat(depth) + ']'.repeat(depth));
/** Stands in a message for what is too deep to be made of objects. */
const deepMark = 'this is deep';

const query = fc.oneof(
  fc.constantFrom(
    '{ hello }',
    'query ($value: Anything) { echo(value: $value) }',
    'mutation ($value: Anything) { keep(value: $value) }',
    'subscription { forever }',
    '{ __proto__ }',
    'query constructor { hello } query toString { hello }',
    '{ hello @include(if: "no") }',
    `{ hello(name: ${'['.repeat(4_000)} }`,
    '{ '.repeat(4_000),
    '{ hello '.repeat(1_000) + '}'.repeat(1_000),
  ),
  oddTexts,
);

const extensions = fc.oneof(
  anything,
  fc.record({ idempotencyKey: fc.oneof(fc.constant('a key that is long enough'), anything) }),
  fc.record({ persistedQuery: fc.oneof(anything, fc.record({ version: anything, sha256Hash: anything })) }),
);

const variables = fc.oneof(
  fc.record({ value: fc.oneof(anything, fc.constant(deepMark)) }),
  fc.constant(deepMark),
  anything,
);

const payload = fc.oneof(
  { weight: 1, arbitrary: anything },
  { weight: 8, arbitrary: fc.record({ query, variables }, { requiredKeys: ['query'] }) },
  {
    weight: 6,
    arbitrary: fc.record(
      {
        query: fc.oneof({ weight: 9, arbitrary: query }, { weight: 1, arbitrary: anything }),
        operationName: fc.oneof(fc.constant(undefined), oddTexts, anything),
        variables,
        documentId: fc.oneof(oddTexts, anything),
        extensions: fc.oneof(extensions, fc.record({ deep: fc.constant(deepMark) })),
      },
      { requiredKeys: ['query'] },
    ),
  },
  { weight: 1, arbitrary: fc.constant({ holdfast: { auth: { token: 1 } } }) },
  { weight: 1, arbitrary: fc.constant({ deep: deepMark }) },
);

const starts = ['subscribe', 'start'] as const;
const others = [
  'connection_init',
  'connection_ack',
  'connection_terminate',
  'next',
  'complete',
  'stop',
  'ping',
  'pong',
] as const;

const member = fc.tuple(fc.oneof(fc.constantFrom('type', 'id', 'payload', ...names), oddTexts), anything);

/** With a member twice, or one of a name that objects have anyway. */
function writeMessage(message: object, more: readonly (readonly [string, unknown])[], deep: string): string {
  const added = more.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)},`).join('');
  return `{${added}${JSON.stringify(message).slice(1)}`.replaceAll(JSON.stringify(deepMark), () => deep);
}

const nearlyRight = fc
  .tuple(
    fc.record(
      {
        type: fc.oneof(
          { weight: 10, arbitrary: fc.constantFrom(...starts) },
          { weight: 6, arbitrary: fc.constantFrom(...others) },
          { weight: 1, arbitrary: anything },
        ),
        id: fc.oneof(
          { weight: 6, arbitrary: fc.constantFrom('1', '2', 'live') },
          { weight: 1, arbitrary: oddTexts },
          { weight: 1, arbitrary: anything },
        ),
        payload,
      },
      { requiredKeys: ['type', 'id', 'payload'] },
    ),
    fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.array(member, { maxLength: 2 }) }),
    deepJson,
  )
  .map(([message, more, deep]) => writeMessage(message, more, deep));

/** With some characters changed, added or lost. */
const damaged = fc
  .tuple(nearlyRight, fc.nat(), fc.nat(2), fc.string({ unit: 'binary', maxLength: 2 }))
  .map(([text, at, lost, added]) => text.slice(0, at % text.length) + added + text.slice((at % text.length) + lost));

export const messageText: fc.Arbitrary<string> = fc.oneof(
  { weight: 10, arbitrary: nearlyRight },
  { weight: 2, arbitrary: damaged },
  { weight: 2, arbitrary: anything.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.string() },
);
