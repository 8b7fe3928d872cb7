// Preparing documents: what is accepted, what is refused and where, the caches, the hash and the choice of an operation.

import fc from 'fast-check';
import { type DocumentNode, parse, print, visit } from 'graphql';
import { describe, expect, it } from 'vitest';
import {
  type DocumentSource,
  type PreparedDocument,
  prepareDocument,
  selectOperation,
} from '../../src/protocol/document.js';
import { DocumentError } from '../../src/protocol/errors/document-error.js';
import { arbitraryDocument, operationsOf, stringsOf } from './document/arbitrary-document.js';

/** The error that preparing ends with. */
function refusal(source: unknown): DocumentError {
  try {
    prepareDocument(source as DocumentSource);
  } catch (error) {
    if (error instanceof DocumentError) return error;
    throw error;
  }
  throw new Error(`accepted: ${String(source)}`);
}

const plain = (document: DocumentNode): unknown => JSON.parse(JSON.stringify(document));
const parsed = (text: string) => parse(text, { noLocation: true });

describe('a syntax tree', () => {
  it('is printed to text that parses to the same tree', () => {
    fc.assert(
      fc.property(arbitraryDocument, (document) => {
        expect(plain(parsed(prepareDocument(document).text))).toEqual(plain(document));
      }),
      { numRuns: 1_000 },
    );
  });

  it('from a parser, locations and all, is printed to text that parses to the same tree', () => {
    const text = `
      "What it does" query Q("which" $id: [ID!]! = ["a"] @v, $n: Int) @live { me: user(id: $id, in: {a: [1, -2.5e3], b: null}) {
        ...F @skip(if: true) ... on User @x { name } ... @include(if: false) { text(s: """ block "quoted" \\""" \\ """, t: "é\\n\\u0041") } } }
      fragment F on User @f(a: ENUM, b: false) { id }`;
    expect(plain(parsed(prepareDocument(parse(text)).text))).toEqual(plain(parsed(text)));
  });

  it('keeps the indentation inside block strings', () => {
    const text = '{ a(b: """\n  a\n    b\n\n   c\n""", c: """  a\n b\nc""", d: """  a""") }';
    const tree = parsed(text);
    expect(stringsOf(tree).map(({ value }) => value)).toEqual(['a\n  b\n\n c', '  a\n b\nc', '  a']);
    expect(plain(parsed(prepareDocument(tree).text))).toEqual(plain(tree));
  });

  it('keeps the value of a block string that no block string can hold', () => {
    for (const value of ['\n a', '  a\n  b', 'a\r\nb', ' ', '\t', 'a\n ']) {
      const tree = parsed('{ a(b: """x""") }');
      const changed = visit(tree, { StringValue: (node) => ({ ...node, value }) });
      const [found] = stringsOf(parsed(prepareDocument(changed).text));
      expect(found?.value).toBe(value);
    }
  });

  it('with a node that no executable document can hold is refused', () => {
    expect(refusal(parse('type A { a: Int }')).message).toContain('"ObjectTypeDefinition"');
    expect(refusal({ kind: 'Document', definitions: [{ kind: 'constructor' }] }).message).toContain('"constructor"');
    expect(refusal({ kind: 'Document', definitions: [{}] })).toBeInstanceOf(DocumentError);
    expect(refusal({ kind: 'Document', definitions: [] })).toBeInstanceOf(DocumentError);
    expect(refusal({ kind: 'Document' })).toBeInstanceOf(DocumentError);
  });
});

describe('text', () => {
  it('has the operations that graphql-js finds in it', () => {
    fc.assert(
      fc.property(arbitraryDocument, (document) => {
        expect(prepareDocument(print(document)).operations).toEqual(operationsOf(document));
      }),
      { numRuns: 1_000 },
    );
  });

  it('that graphql-js accepts is accepted, however it was changed', () => {
    const snippets = [
      '{',
      '}',
      '(',
      ')',
      '[',
      ']',
      '"',
      '"""',
      '\\',
      '#',
      '\n',
      '\r',
      ',',
      '$',
      '...',
      '.',
      '1',
      '-',
      'e',
      'query',
      ' on ',
      '\ufeff',
      '😀',
      '\\u{1F600}',
      '\u0000',
    ];
    let accepted = 0;
    fc.assert(
      fc.property(
        arbitraryDocument,
        fc.array(fc.tuple(fc.nat(), fc.nat(3), fc.constantFrom('', ...snippets)), { maxLength: 3 }),
        (document, changes) => {
          let text = print(document);
          for (const [place, taken, put] of changes) {
            const at = place % (text.length + 1);
            text = text.slice(0, at) + put + text.slice(at + taken);
          }
          let tree: DocumentNode;
          try {
            tree = parsed(text);
          } catch {
            return;
          }
          if (tree.definitions.some((one) => one.kind !== 'OperationDefinition' && one.kind !== 'FragmentDefinition'))
            return;
          if (operationsOf(tree).length === 0) return;
          accepted++;
          expect(prepareDocument(text).operations).toEqual(operationsOf(tree));
        },
      ),
      { numRuns: 3_000 },
    );
    expect(accepted).toBeGreaterThan(300);
  });

  it('never fails in another way than with a DocumentError', () => {
    const token = fc.constantFrom(
      '{',
      '}',
      '(',
      ')',
      '[',
      ']',
      '"',
      '"""',
      '\\',
      'query',
      'a',
      '1',
      '#',
      '\n',
      '\ud800',
      '__proto__',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(token).map((all) => all.join('')),
        ),
        (text) => {
          try {
            expect(prepareDocument(text).operations.length).toBeGreaterThan(0);
          } catch (error) {
            expect(error).toBeInstanceOf(DocumentError);
          }
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['shorthand', '{ a }', 'query', undefined],
    ['an anonymous mutation', 'mutation { a }', 'mutation', undefined],
    [
      'a subscription with everything before its body',
      'subscription S($a: [Int!] = [1] @d) @e(f: {g: 1}) { a }',
      'subscription',
      'S',
    ],
    ['an operation named like a keyword', 'query mutation { a }', 'query', 'mutation'],
    ['a fragment named like a keyword', 'fragment query on T { a } mutation M { a }', 'mutation', 'M'],
    [
      'names that every object has',
      'query constructor { toString(valueOf: __proto__) { hasOwnProperty } }',
      'query',
      'constructor',
    ],
    ['keywords as fields', '{ query mutation { subscription } }', 'query', undefined],
    [
      'keywords and brackets in strings',
      '{ a(b: "query X { \\"}", c: """ } mutation \\""" " """) }',
      'query',
      undefined,
    ],
    ['keywords and brackets in comments', '# mutation {\n{ a # }\n}', 'query', undefined],
    ['escapes of every kind', '{ a(b: "\\u{1F600}\\u00e9\\n\\\\") }', 'query', undefined],
    ['a byte order mark and commas', '\ufeff,,{ a,, b }', 'query', undefined],
    ['a description', '"query A" query B { a }', 'query', 'B'],
    ['a block description', '"""\nmutation {\n""" query B { a }', 'query', 'B'],
    ['an empty string right before another', '{ a(b: ["" ""]) }', 'query', undefined],
  ])('with %s', (_, text, kind, name) => {
    expect(prepareDocument(text).operations).toEqual([{ kind, name }]);
  });

  it.each([
    ['empty', '', 1, 1, 'add an operation'],
    ['blank', ' \n # nothing\n', 3, 1, 'add an operation'],
    ['with fragments alone', 'fragment A on B { c }', 1, 22, 'add an operation'],
    ['with a brace that is never closed', '{\n  a {\n b\n}', 1, 1, 'add the missing }'],
    ['with a parenthesis that is never closed', '{\n  a(b: 1 \n', 2, 4, 'add the missing )'],
    ['with a bracket that is never closed', '{ a(b: [1 ', 1, 8, 'add the missing ]'],
    ['with a brace too many', '{ a }\r\n}', 2, 1, 'only operations and fragments'],
    ['with a bracket that nothing opened', 'query ] { a }', 1, 7, 'does not close'],
    ['with brackets that cross', '{ a(b: [1) ] }', 1, 10, 'does not close ['],
    ['without a body', '{ a }\rquery B', 2, 1, 'add the missing { field }'],
    ['with a string that is never closed', '{ a(b: "x) }', 1, 8, 'unclosed string'],
    ['with a string that goes over lines', '{ a(b: "x\n") }', 1, 8, 'unclosed string'],
    ['with a block string that is never closed', '{ a(b: """x\\""") }', 1, 8, 'unclosed string'],
    ['with an unknown escape', '{ a(b: "\\x") }', 1, 8, 'unknown escape'],
    ['with a character that GraphQL has not', '{\n\n  a % b }', 3, 5, 'not GraphQL'],
    ['with half a character', '{ a(b: "\ud83d") }', 1, 9, 'half a character'],
    ['with a number that runs into a name', '{ a(b: 1x) }', 1, 8, 'not GraphQL'],
    ['with two dots', '{ ..a }', 1, 3, 'not GraphQL'],
    ['with a schema', 'type A { a: Int }', 1, 1, 'only operations and fragments'],
    ['with words', 'hello', 1, 1, 'only operations and fragments'],
  ])('%s is refused, and the error shows the place', (_, text, line, column, hint) => {
    const error = refusal(text);
    expect(error).toMatchObject({ name: 'DocumentError', code: 'bad-document', phase: 'prepare', line, column });
    expect(error.message).toContain(`line ${line}, column ${column}`);
    expect(error.message).toContain(hint);
  });

  it('that is huge or hostile takes linear time', () => {
    const size = 300_000;
    expect(prepareDocument(`{${' a'.repeat(size)} }`).operations).toHaveLength(1);
    expect(prepareDocument(`${'{ a '.repeat(size)}${'}'.repeat(size)}`).operations).toHaveLength(1);
    expect(
      prepareDocument(`{ a(b: "${'\\n'.repeat(size)}", c: """${'\\"""" '.repeat(size)}""") }`).operations,
    ).toHaveLength(1);
    expect(refusal(`{ a(b: "${'\\n'.repeat(size)}`).message).toContain('unclosed');
    expect(refusal(`{ a(b: """${'"" '.repeat(size)}`).message).toContain('unclosed');
    expect(refusal(`{ a(b: ${'1'.repeat(size)}x) }`).message).toContain('not GraphQL');
  });
});

describe('what is no document is refused', () => {
  it.each([
    ['undefined', undefined],
    ['null', null],
    ['5', 5],
    ['an object', {}],
    ['an object', { query: '{ a }' }],
    ['an object', Object.create(null)],
    ['an array', ['{ a }']],
    ['a function', () => '{ a }'],
    ['Symbol(a)', Symbol('a')],
  ])('%s', (what, source) => {
    const { code, message } = refusal(source);
    expect(code).toBe('bad-document');
    expect(message).toBe(`A document is a text or a syntax tree, as in execute(document, variables); this is ${what}.`);
  });
});

/** Like the class that GraphQL Code Generator emits for its documents as strings. */
class TypedText<TResult, TVariables> extends String {
  declare readonly __apiType?: (variables: TVariables) => TResult;
  readonly #value: string;
  constructor(value: string) {
    super(value);
    this.#value = value;
  }
  override toString(): string {
    return this.#value;
  }
}

describe('typed documents', () => {
  function run<TResult, TVariables>(
    _source: DocumentSource<TResult, TVariables>,
    _variables: TVariables,
  ): TResult | undefined {
    return undefined;
  }

  it('may be String objects', () => {
    const prepared = prepareDocument(new TypedText<{ a: number }, { v: string }>('query A { a }'));
    expect(prepared.operations).toEqual([{ kind: 'query', name: 'A' }]);
    expect(prepared.text).toBe('query A { a }');
  });

  it('give their types to result and variables', () => {
    const text = new TypedText<{ a: number }, { v: string }>('{ a }');
    const tree = parse('{ a }') as DocumentNode & { __apiType?: (variables: { v: string }) => { a: number } };
    const results: (number | undefined)[] = [run(text, { v: '' })?.a, run(tree, { v: '' })?.a];
    // @ts-expect-error the variable is a string
    run(text, { v: 1 });
    // @ts-expect-error there is no such field
    run(tree, { v: '' })?.b;
    const unknown: unknown = run('{ a }', { anything: 1 });
    expect([...results, unknown]).toEqual([undefined, undefined, undefined]);
  });
});

describe('a document is prepared once', () => {
  it('for every tree and String object', () => {
    const tree = parse('{ once }');
    const text = new TypedText('{ once }');
    expect(prepareDocument(tree)).toBe(prepareDocument(tree));
    expect(prepareDocument(text)).toBe(prepareDocument(text));
    expect(prepareDocument(text)).toBe(prepareDocument('{ once }'));
  });

  it('for a tree as long as it lives, even when its text was forgotten', () => {
    const tree = parse('{ longLived }');
    const prepared = prepareDocument(tree);
    for (let i = 0; i < 1_000; i++) prepareDocument(`{ meanwhile${i} }`);
    expect(prepareDocument('{ longLived }')).not.toBe(prepared);
    expect(prepareDocument(tree)).toBe(prepared);
  });

  it('for every text, while at most a thousand others were used after it, and not for ever', () => {
    const kept = prepareDocument('{ kept }');
    for (let i = 0; i < 1_000; i++) prepareDocument(`{ other${i} }`);
    expect(prepareDocument('{ kept }')).toBe(kept);
    for (let i = 0; i < 2_000; i++) prepareDocument(`{ another${i} }`);
    expect(prepareDocument('{ kept }')).not.toBe(kept);
  });

  it('but a refusal is not remembered as a document', () => {
    expect(refusal('{ refused').message).toBe(refusal('{ refused').message);
  });
});

describe('the hash', () => {
  it('is the SHA-256 of the text, computed once', async () => {
    const document = prepareDocument('{ hash(of: "é") }');
    const hash = document.hash();
    expect(await hash).toBe('b70ee7d1126369e7b55e049f46b7fa0cddd2acc9655dbe82d62d2f4c62038a93');
    expect(document.hash()).toBe(hash);
  });
});

describe('an operation is selected', () => {
  const one = prepareDocument('query A { a }');
  const several = prepareDocument('query A { a } mutation B { b } fragment F on T { a } { c }');
  const failure = (document: PreparedDocument, name: string | undefined) => {
    try {
      return String(selectOperation(document, name));
    } catch (error) {
      if (error instanceof DocumentError) return error.message;
      throw error;
    }
  };

  it('without a name where there is only one', () => {
    expect(selectOperation(one, undefined)).toEqual({ kind: 'query', name: 'A' });
  });

  it('by its name', () => {
    expect(selectOperation(one, 'A')).toEqual({ kind: 'query', name: 'A' });
    expect(selectOperation(several, 'B')).toEqual({ kind: 'mutation', name: 'B' });
  });

  it('never by guessing: the error names those there are', () => {
    expect(failure(several, undefined)).toBe(
      '"operationName" is undefined, but must name one operation of: query A, mutation B, query.',
    );
    expect(failure(several, 'C')).toContain('"C"');
    expect(failure(one, '')).toContain('query A');
    expect(failure(one, 'a')).toContain('query A');
  });
});
