// Calls that go wrong, each in its own way: with GraphQL errors, before anything is sent, or by a rule that tries again.

import { equal, matches, ok, rejection } from './support/assert.js';

/** @type {readonly import('../environment.js').Case[]} */
export const errors = [
  {
    name: 'a field that fails comes beside the data of the others',
    async run({ open, holdfast }) {
      const session = open();
      const document = '{ echo(text: "a") fails(code: "E1") }';
      const expected = {
        data: { echo: 'a', fails: null },
        errors: [{ message: 'It failed', path: ['fails'], extensions: { code: 'E1' } }],
      };
      matches(await session.result(document), { ...expected, meta: { attempts: 1 } });
      const error = await rejection(session.execute(document), holdfast.GraphQLResultError, expected);
      matches(error, {
        code: 'graphql-errors',
        phase: 'operation',
        delivery: 'answered',
        attempts: 1,
        retryable: false,
      });
      ok(error instanceof holdfast.HoldfastError && error instanceof holdfast.SessionError, 'It is none of ours.');
    },
  },
  {
    name: 'a field that may not be null takes all data with it',
    async run({ open, holdfast }) {
      const session = open();
      const { data, errors: failed } = await session.result('{ failsWhole }');
      equal(data, null);
      matches(failed, [{ message: 'All of it failed', path: ['failsWhole'], extensions: { code: 'WHOLE' } }]);
      await rejection(session.execute('{ failsWhole }'), holdfast.GraphQLResultError, { data: null });
    },
  },
  {
    name: 'all errors of an answer are there, in order',
    async run({ open }) {
      const { data, errors: failed } = await open().result(
        '{ a: fails(code: "1") b: fails(code: "2") c: fails(code: "3") }',
      );
      equal(data, { a: null, b: null, c: null });
      equal(
        failed?.map(({ path, extensions }) => [path, extensions?.code]).sort(),
        ['a', 'b', 'c'].map((name, n) => [[name], String(n + 1)]),
      );
    },
  },
  {
    name: 'a document that the schema refuses fails its call alone',
    async run({ open, holdfast, control }) {
      const session = open();
      for (const document of [
        '{ nothing }',
        '{ echo }',
        'mutation { nothing }',
        'query ($t: Nothing) { echo(text: $t) }',
      ]) {
        const error = await rejection(session.execute(document), holdfast.GraphQLResultError, { delivery: 'answered' });
        ok(error.errors.length > 0, 'It holds no errors.');
        const { data, errors: failed } = await session.result(document);
        equal(data ?? null, null);
        matches(failed, error.errors);
      }
      equal(await session.execute('{ echo(text: "after") }'), { echo: 'after' });
      matches(session.state, { status: 'ready', generation: 1 });
      equal((await control.counts()).executed, { 'echo:after': 1 });
    },
  },
  {
    name: 'a variable that is missing or wrong fails its call alone',
    async run({ open, holdfast }) {
      const session = open();
      const document = 'query ($text: String!) { echo(text: $text) }';
      for (const variables of [{}, { text: null }, { text: [1] }, { other: 'a' }]) {
        const { errors: failed } = await rejection(session.execute(document, variables), holdfast.GraphQLResultError);
        matches(failed, [{ message: /"\$text"/ }]);
      }
      equal(await session.execute(document, { text: 'good' }), { echo: 'good' });
      matches(session.state, { generation: 1 });
    },
  },
  {
    name: 'a document that only the server finds malformed fails its call alone',
    needs: ['syntax-errors'],
    async run({ open, holdfast }) {
      const session = open();
      // Its brackets are balanced: the session has nothing to say against it.
      const error = await rejection(session.execute('{ echo(text: ) }'), holdfast.GraphQLResultError);
      matches(error.errors, [{ message: /^Syntax Error/ }]);
      matches(session.state, { status: 'ready', generation: 1 });
    },
  },
  {
    name: 'a document that cannot be one is refused before anything is sent',
    async run({ open, holdfast, control }) {
      const session = open();
      await session.ready();
      for (const document of [
        '',
        '{ echo(text: "a") ',
        '{ echo(text: "a) }',
        'fragment F on Query { echo }',
        '{ a } }',
      ]) {
        await rejection(session.execute(document), holdfast.DocumentError, {
          code: 'bad-document',
          delivery: 'not-sent',
        });
      }
      await rejection(session.execute('subscription { countTo(last: 1) }'), holdfast.DocumentError);
      await rejection(session.execute('query A { a: __typename } query B { b: __typename }'), holdfast.DocumentError);
      equal((await control.counts()).executed, {});
      equal(session.operations, 0);
    },
  },
  {
    name: 'an option or variable that cannot work is refused before anything is sent',
    async run({ open, holdfast }) {
      const session = open();
      const document = '{ echo(text: "a") }';
      /** @param {any} given */
      const call = (given) => rejection(session.execute(document, {}, given), holdfast.OptionError);
      await call({ deadline: 1 });
      await call({ deadlineMs: -1 });
      await call({ signal: 'now' });
      await call({ extensions: { big: 10n } });
      await rejection(session.execute(document, /** @type {any} */ ([1])), holdfast.OptionError);
      /** @type {any} */
      const cyclic = {};
      cyclic.itself = cyclic;
      await rejection(session.execute(document, cyclic), holdfast.OptionError);
      equal(session.operations, 0);
    },
  },
  {
    name: 'a mutation that failed is not sent again',
    async run({ open, holdfast, control }) {
      const session = open();
      const error = await rejection(session.execute('mutation { addFails(key: "k") }'), holdfast.GraphQLResultError);
      matches(error, { data: { addFails: null }, attempts: 1, errors: [{ extensions: { code: 'NO' } }] });
      await session.execute('{ __typename }');
      equal((await control.counts()).executed, { 'addFails:k': 1 });
    },
  },
  {
    name: 'errors are tried again where the rule of the call says so, and no more often than it says',
    async run({ open, control }) {
      /** @type {import('../../../src/index.js').RetryRule} */
      const retry = {
        attempts: 3,
        delayMs: () => 1,
        verdict: ({ errors: failed }) => (failed?.[0]?.extensions?.code === 'BUSY' ? 'retry' : 'fail'),
      };
      const session = open();
      matches(await session.result('{ busy(key: "short", times: 3) }', {}, { retry }), {
        data: { busy: 'short' },
        meta: { attempts: 3 },
      });
      matches(await session.result('{ busy(key: "long", times: 9) }', {}, { retry }), {
        data: { busy: null },
        errors: [{ message: 'Busy' }],
        meta: { attempts: 3 },
      });
      matches(await session.result('{ busy(key: "none", times: 9) }'), { data: { busy: null }, meta: { attempts: 1 } });
      equal((await control.counts()).executed, { 'busy:short': 3, 'busy:long': 3, 'busy:none': 1 });
    },
  },
];
