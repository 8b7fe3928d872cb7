import fc from 'fast-check';
import * as graphql from 'graphql';
import { expect, test } from 'vitest';
import { Documents } from '../../../src/server/execution/documents.js';
import { graphqlJs } from '../../../src/server/execution/graphql-js.js';
import { type Definition, judge, type Selection } from './support/naive-rules.js';
import { patienceMs } from './support/patience.js';

const schema = graphql.buildSchema(/* GraphQL */ `
  type Query { a(of: Int): Query, b: Query, leaf: Int }
`);

const fragmentName = fc.constantFrom('A', 'B', 'C');
const { selections } = fc.letrec<{ selection: Selection; selections: Selection[] }>((tie) => ({
  selections: fc.array(tie('selection'), {
    minLength: 1,
    maxLength: 3,
    depthIdentifier: 'document',
  }),
  selection: fc.oneof(
    { depthIdentifier: 'document', maxDepth: 6 },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('field' as const),
        name: fc.constantFrom('leaf', 'leaf', '__typename'),
        hasAlias: fc.boolean(),
        selections: fc.constant([]),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('field' as const),
        name: fc.constantFrom('a', 'b', 'a', 'b', 'a', 'b', '__schema', '__type'),
        hasAlias: fc.boolean(),
        selections: tie('selections'),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('inline' as const),
        name: fc.constant(''),
        hasAlias: fc.constant(false),
        selections: tie('selections'),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('spread' as const),
        name: fragmentName,
        hasAlias: fc.constant(false),
        selections: fc.constant([]),
      }),
    },
  ),
}));

const operation = fc.record({
  kind: fc.constant('operation' as const),
  name: fc.constantFrom('One', 'Two'),
  selections,
});
const fragment = fc.record({ kind: fc.constant('fragment' as const), name: fragmentName, selections });
const definitions: fc.Arbitrary<Definition[]> = fc
  .tuple(fc.array(operation, { minLength: 1, maxLength: 2 }), fc.array(fragment, { maxLength: 3 }))
  .chain(([operations, fragments]) =>
    fc.shuffledSubarray<Definition>([...operations, ...fragments], { minLength: operations.length + fragments.length }),
  );

/** Lexical tokens. Every alias is another one, so that no two fields have to be the same. */
function write(document: readonly Definition[]): string[] {
  let aliases = 0;
  const block = (all: readonly Selection[]): string[] => ['{', ...all.flatMap(one), '}'];
  const one = ({ kind, name, hasAlias, selections: below }: Selection): string[] => {
    if (kind === 'spread') return ['...', name];
    if (kind === 'inline') return ['...', ...block(below)];
    aliases += 1;
    const alias = hasAlias ? [`x${aliases}`, ':'] : [];
    return [...alias, name, ...(below.length === 0 ? [] : block(below))];
  };
  return document.flatMap(({ kind, name, selections: below }) => [
    ...(kind === 'operation' ? ['query', name] : ['fragment', name, 'on', 'Query']),
    ...block(below),
  ]);
}

const between = fc.constantFrom(' ', '\n', ', ', '\t,,', ' # a comment { ...A }\n', '\ufeff ');

function documentsWith(limits: {
  readonly depth: number;
  readonly aliases: number;
  readonly tokens: number;
}): Documents {
  return new Documents({ graphql, schema, engine: graphqlJs(), limits, development: false });
}

const none = Number.POSITIVE_INFINITY;

test(
  'small documents are refused as by counting with every fragment in its place, and otherwise as graphql-js does',
  () => {
    const seen = new Map<unknown, number>();
    fc.assert(
      fc.property(definitions, fc.nat(8), fc.nat(6), between, (document, depth, aliases, separator) => {
        const text = write(document).join(separator);
        const verdict = judge(document, { depth, aliases });
        const { errors, operations } = documentsWith({ depth, aliases, tokens: none }).get(text);
        const code = errors?.[0].extensions?.code;
        const isValid = graphql.validate(schema, graphql.parse(text)).length === 0;
        // graphql-js refuses circles: whose sentence it is does not matter.
        if (verdict === undefined) expect(errors).not.toBe(undefined);
        else if (verdict !== 'none') expect(code).toBe(verdict);
        else {
          expect(code).toBe(undefined);
          expect(operations === undefined).toBe(!isValid);
        }
        const outcome = verdict === 'none' ? (isValid ? 'accepted' : 'invalid') : (verdict ?? 'circle');
        seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
      }),
      { numRuns: 5_000 },
    );
    for (const outcome of [
      'DEPTH_LIMIT_EXCEEDED',
      'ALIAS_LIMIT_EXCEEDED',
      'INTROSPECTION_DISABLED',
      'accepted',
      'circle',
    ]) {
      expect([outcome, seen.get(outcome) ?? 0]).not.toEqual([outcome, 0]);
    }
  },
  patienceMs,
);

test(
  'tokens are counted as they are written: as many as are allowed pass, and one more does not',
  () => {
    fc.assert(
      fc.property(definitions, between, (document, separator) => {
        const tokens = write(document);
        const text = tokens.join(separator);
        const codeWith = (most: number): unknown => {
          const { errors } = documentsWith({ depth: none, aliases: none, tokens: most }).get(text);
          return errors?.[0].extensions?.code;
        };
        expect(codeWith(tokens.length)).not.toBe('TOKEN_LIMIT_EXCEEDED');
        expect(codeWith(tokens.length - 1)).toBe('TOKEN_LIMIT_EXCEEDED');
      }),
      { numRuns: 500 },
    );
  },
  patienceMs,
);
