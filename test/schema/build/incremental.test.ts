// @defer and @stream, which servers often know without declaring them.

import { parse, print } from 'graphql';
import { describe, expect, test } from 'vitest';
import type { OperationKind } from '../../../src/protocol/result.js';
import { OperationBuilder } from '../../../src/schema/build/operation-builder.js';
import { fragment } from '../../../src/schema/selection/fragment.js';
import { schemaOf } from '../support/schema-of.js';
import { build, buildWith, library, problemsOf, valuesOf, written } from './library.js';

const documentOf = (selection: unknown) => {
  const { document } = build(selection).built;
  expect(print(parse(document))).toBe(document);
  return document;
};

describe('@defer and @stream', () => {
  test('stand on fragments and on lists; a label is written into the document, everything else is a variable', () => {
    const parts = fragment('Parts', 'Book', 'pages');
    expect(
      documentOf({
        books: {
          id: true,
          related: { $directives: { stream: { initialCount: 1, label: 'more' } }, id: true },
          $spread: [
            { $directives: { defer: { label: 'say "late"', if: true } }, title: true },
            { $directives: { defer: true }, $spread: [parts] },
          ],
        },
        node: { $args: { id: 1 }, $on: { Book: { $directives: { defer: {} }, title: true } } },
      }),
    ).toBe(
      written(`query books_node($initialCount: Int!, $if: Boolean!, $id: ID!) {
        books {
          id
          related @stream(initialCount: $initialCount, label: "more") { id }
          ... @defer(label: "say \\"late\\"", if: $if) { title }
          ...Parts @defer
        }
        node(id: $id) { ... on Book @defer { title } }
      }
      fragment Parts on Book { pages }`),
    );
  });

  test('take a text of one line as label, and nothing else', () => {
    const endless: unknown[] = [];
    endless.push(endless);
    for (const label of ['two\nlines', 'half \ud83d', 5, 10n, endless, Symbol('x'), null]) {
      const selection = { books: { $spread: [{ $directives: { defer: { label } }, title: true }] } };
      expect(problemsOf(() => selection)).toMatchObject([
        { message: 'A label must be a text of one line: it is written into the document.' },
      ]);
    }
  });

  test('with other labels are other documents', () => {
    const builder = new OperationBuilder(library);
    const labelled = (label: string) => {
      const deferred = { $directives: { defer: { label, if: true } }, id: true };
      return buildWith(builder, { books: { $spread: [deferred] } });
    };
    expect(labelled('a').built.document).toContain('@defer(label: "a", if: $if)');
    expect(labelled('b').built.document).toContain('@defer(label: "b", if: $if)');
    expect(valuesOf(labelled('a'))).toEqual({ if: true });
  });

  test.each([
    [
      'a label given twice',
      { books: { $spread: ['id', 'title'].map((name) => ({ $directives: { defer: { label: 'x' } }, [name]: true })) } },
      'The label "x" is given twice.',
    ],
    [
      '@stream on what is no list',
      { books: { author: { $directives: { stream: true }, id: true } } },
      '"@stream" can stand only on a field that is a list.',
    ],
    [
      '@defer on a field',
      { books: { $directives: { defer: true }, id: true } },
      '"@defer" cannot stand on field, only on: fragment spread, inline fragment.',
    ],
    [
      'a field that is streamed and selected again',
      { books: ['related.id', { related: { $directives: { stream: true }, id: true } }] },
      '"related" is selected twice, and streamed',
    ],
  ])('%s is refused', (_what, selection, message) => {
    expect(problemsOf(() => selection)[0]?.message).toContain(message);
  });

  test('cannot stand among the root fields of a mutation or subscription', () => {
    const deferred = (name: string) => ({
      $spread: [{ $directives: { defer: true }, [name]: { $args: { input: { title: '' } }, id: true } }],
    });
    expect(problemsOf(() => deferred('addBook'), { kind: 'mutation' })[0]?.message).toContain(
      'among the root fields of a mutation',
    );
    const selection = { $spread: [{ $directives: { defer: true }, bookAdded: { id: true } }] };
    expect(problemsOf(() => selection, { kind: 'subscription' })[0]?.message).toContain(
      'among the root fields of a subscription',
    );
  });

  describe('of a type that is a root and can be reached again', () => {
    const schema = schemaOf(`
      interface Named { names: [String!]! }
      type Query implements Named { names: [String!]! writer: Mutation! }
      type Mutation implements Named { names: [String!]! again: Mutation! }
    `);
    const streamed = { names: { $directives: { stream: true } } };
    const buildOf = (kind: OperationKind, selection: unknown) =>
      buildWith(new OperationBuilder(schema), selection, { kind }).built.document;

    test.each([
      ['a query', 'query', { writer: streamed }],
      ['a field of a mutation', 'mutation', { again: streamed }],
    ] as const)('can stand below %s', (_what, kind, selection) => {
      expect(buildOf(kind, selection)).toContain('names @stream');
    });

    test.each([
      ['fragments of an interface', () => ({ $on: { Named: streamed } })],
      [
        'a fragment that was spread elsewhere before',
        () => {
          const names = fragment('Names', 'Named', streamed);
          return { $on: { Mutation: { again: names } }, $spread: [names] };
        },
      ],
    ])('cannot stand among the root fields in %s', (_what, selection) => {
      expect(problemsOf(() => buildOf('mutation', selection()))[0]?.message).toContain(
        'among the root fields of a mutation',
      );
    });
  });

  test('cannot stand on fields of one name, though these are of types that never meet', () => {
    const selection = {
      node: {
        $args: { id: 1 },
        $on: {
          Book: { 'others: related': { $directives: { stream: true }, id: true } },
          Author: { 'others: books': { id: true } },
        },
      },
    };
    expect(problemsOf(() => selection)[0]?.message).toContain('"others" is selected twice, and streamed');
  });

  test('stand in a subscription where what they stand on can be left out', () => {
    const deferred = { $directives: { skip: { if: false }, defer: true }, title: true };
    expect(build({ bookAdded: { id: true, $spread: [deferred] } }, { kind: 'subscription' }).built.document).toContain(
      '... @skip(if: $if) @defer {',
    );
  });

  test('stand in a subscription only where they can be switched off', () => {
    const deferred = (args: unknown) => ({
      bookAdded: { id: true, $spread: [{ $directives: { defer: args }, title: true }] },
    });
    expect(problemsOf(() => deferred(true), { kind: 'subscription' })[0]?.message).toContain(
      'unless its "if" can switch it off',
    );
    expect(build(deferred({ if: false }), { kind: 'subscription' }).built.document).toContain('@defer(if: $if)');
  });
});
