// Queries and mutations that go well: data, variables, extensions, documents of every form, and what is told of a call.

import { equal, matches, ok } from './support/assert.js';

const echo = 'query ($text: String!) { echo(text: $text) }';

/** `{ echo(text: "node") }` as graphql-js would parse it. */
const documentNode = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'query',
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'echo' },
            arguments: [
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'text' },
                value: { kind: 'StringValue', value: 'node' },
              },
            ],
          },
        ],
      },
    },
  ],
};

/** @type {readonly import('../environment.js').Case[]} */
export const answers = [
  {
    name: 'a query and a mutation are answered over one connection',
    async run({ open, control }) {
      const session = open();
      equal(await session.execute(echo, { text: 'a' }), { echo: 'a' });
      equal(await session.execute('mutation { add(key: "one") }'), { add: 1 });
      equal(await session.execute('mutation ($key: String!) { add(key: $key) }', { key: 'one' }), { add: 2 });
      matches(session.state, { status: 'ready', generation: 1 });
      matches((await control.counts()).executed, { 'echo:a': 1, 'add:one': 2 });
      equal(session.operations, 0);
    },
  },
  {
    name: 'a result tells data, no errors, and how it came about',
    async run({ open }) {
      const before = Date.now();
      const { data, errors, extensions, meta } = await open().result('query Echo { echo(text: "a") }');
      equal({ data, errors, extensions }, { data: { echo: 'a' }, errors: undefined, extensions: undefined });
      matches(meta, { attempts: 1, generation: 1, request: { kind: 'query', operationName: 'Echo' } });
      const { calledAt, sentAt, answeredAt } = meta.timings;
      ok(
        sentAt !== undefined && before <= calledAt && calledAt <= sentAt && sentAt <= answeredAt,
        'The timings are not in order.',
      );
    },
  },
  {
    name: 'the operation that is named is the one that runs',
    async run({ open, control }) {
      const document =
        'query A { echo(text: "a") } query B($text: String!) { echo(text: $text) } mutation C { add(key: "c") }';
      const session = open();
      equal(await session.execute(document, { text: 'b' }, { operationName: 'B' }), { echo: 'b' });
      equal(await session.execute(document, {}, { operationName: 'C' }), { add: 1 });
      equal((await control.counts()).executed, { 'echo:b': 1, 'add:c': 1 });
    },
  },
  {
    name: 'a document may be a syntax tree, a text with comments, or one with fragments',
    async run({ open }) {
      const session = open();
      equal(await session.execute(/** @type {any} */ (documentNode)), { echo: 'node' });
      equal(await session.execute('# { not this }\nquery {\n  echo(text: """\n  block "quoted"\n  """), # end\n}'), {
        echo: 'block "quoted"',
      });
      const fragments =
        'query { ...F ... on Query { two: echo(text: "2") } } fragment F on Query { one: echo(text: "1") }';
      equal(await session.execute(fragments), { one: '1', two: '2' });
    },
  },
  {
    name: 'variables of every kind arrive as they were',
    async run({ open }) {
      const document = 'query ($value: Shape!) { shape(value: $value) }';
      const value = {
        text: null,
        number: -1.5e21,
        flags: [true, false],
        color: 'GREEN',
        inner: { flags: [], inner: { text: '' } },
      };
      const { shape } = /** @type {{ shape: string }} */ (await open().execute(document, { value }));
      equal(JSON.parse(shape), value);
    },
  },
  {
    name: 'variables are what they were when the call was made',
    async run({ open }) {
      const session = open();
      const variables = { value: { text: 'before', inner: { number: 1 } } };
      const call = session.execute('query ($value: Shape!) { shape(value: $value) }', variables);
      variables.value.text = 'after';
      variables.value.inner.number = 2;
      const { shape } = /** @type {{ shape: string }} */ (await call);
      equal(JSON.parse(shape), { text: 'before', inner: { number: 1 } });
    },
  },
  {
    name: 'variables become what JSON makes of them',
    async run({ open }) {
      const session = open();
      equal(await session.execute(echo, { text: new Date(0) }), { echo: '1970-01-01T00:00:00.000Z' });
      equal(await session.execute(echo, { text: { toJSON: () => 'by itself' }, unused: undefined }), {
        echo: 'by itself',
      });
    },
  },
  {
    name: 'extensions of a request reach the server',
    async run({ open }) {
      const given = { trace: ['a', 1, null], nested: { on: true } };
      const answer = await open().execute('{ extensions }', {}, { extensions: given });
      equal(JSON.parse(/** @type {{ extensions: string }} */ (answer).extensions), given);
    },
  },
  {
    name: 'text in any script comes back as it went, in documents, variables and answers',
    async run({ open }) {
      const session = open();
      const texts = [
        'grüß dich',
        '漢字かな交じり文',
        '👩‍👩‍👧‍👦 🏳️‍🌈',
        'שָׁלוֹם',
        '\u0000\u0007\u001f\u2028\u2029',
        '"\\\n\t',
        '\ud83d alone',
        '',
      ];
      const answered = await Promise.all(texts.map((text) => session.execute(echo, { text })));
      equal(
        answered,
        texts.map((text) => ({ echo: text })),
      );
      equal(await session.execute('{ echo(text: "漢字 😀") }'), { echo: '漢字 😀' });
    },
  },
  {
    name: 'the state is ready before and after, and nothing is in progress',
    async run({ open, control }) {
      const session = open();
      await session.ready();
      const held = session.execute('{ held(gate: "g") }');
      equal(session.operations, 1);
      await control.until({ executed: { 'held:g': 1 }, held: 1 });
      await control.release('g');
      equal(await held, { held: 'g' });
      equal(session.operations, 0);
      matches(session.state, { status: 'ready', generation: 1 });
    },
  },
];
