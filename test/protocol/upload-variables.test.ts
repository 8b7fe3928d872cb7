// Files are found where JSON.stringify writes them, and nowhere else.

import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { OptionError } from '../../src/protocol/errors/option-error.js';
import { type WrittenVariables, writeVariables } from '../../src/protocol/upload/write-variables.js';
import { type Upload, upload } from '../../src/protocol/upload.js';

const a = upload(new Blob(['a']));
const b = upload(new Blob(['b']));

function written({ variables, uploads }: WrittenVariables): { text: string | undefined; files: unknown } {
  return { text: variables?.text, files: uploads?.map(({ paths, upload }) => [upload, paths]) };
}

describe('variables with files', () => {
  test('hold null in place of each file', () => {
    expect(written(writeVariables({ file: a, name: 'x' }))).toEqual({
      text: '{"file":null,"name":"x"}',
      files: [[a, ['variables.file']]],
    });
  });

  test('may hold them in lists and deep in input objects, beside other values', () => {
    expect(written(writeVariables({ files: [a, 1, b], input: { rows: [{ scan: b }, [a]] } }))).toEqual({
      text: '{"files":[null,1,null],"input":{"rows":[{"scan":null},[null]]}}',
      files: [
        [a, ['variables.files.0', 'variables.input.rows.1.0']],
        [b, ['variables.files.2', 'variables.input.rows.0.scan']],
      ],
    });
  });

  test('know one upload in several places for one file, also within an object that stands in several places', () => {
    const input = { file: a };
    expect(written(writeVariables({ one: input, two: input }))).toEqual({
      text: '{"one":{"file":null},"two":{"file":null}}',
      files: [[a, ['variables.one.file', 'variables.two.file']]],
    });
  });

  test('take a bare Blob or File for an upload, once for each', () => {
    const file = new File(['a'], 'a.txt', { type: 'text/plain' });
    const blob = new Blob(['b']);
    const { variables, uploads } = writeVariables({ file, list: [blob, file] });
    expect(variables?.text).toBe('{"file":null,"list":[null,null]}');
    expect(uploads?.map(({ paths, upload: { filename } }) => [filename, paths])).toEqual([
      ['a.txt', ['variables.file', 'variables.list.1']],
      ['blob', ['variables.list.0']],
    ]);
  });

  test('are what toJSON makes of them', () => {
    const form = { toJSON: () => ({ inner: { file: a } }) };
    expect(written(writeVariables({ form }))).toEqual({
      text: '{"form":{"inner":{"file":null}}}',
      files: [[a, ['variables.form.inner.file']]],
    });
  });

  test('find a bare Blob that toJSON gives', () => {
    const blob = new Blob(['a']);
    const { variables, uploads } = writeVariables({ form: { toJSON: () => ({ file: blob }) } });
    expect(variables?.text).toBe('{"form":{"file":null}}');
    expect(uploads?.map(({ paths }) => paths)).toEqual([['variables.form.file']]);
  });

  test.each<[string, () => unknown, string]>([
    ['a Buffer', () => Buffer.from('abc'), 'bytes'],
    ['bytes', () => new Uint8Array(4), 'bytes'],
    ['no bytes', () => new Uint8Array(0), 'bytes'],
    ['an ArrayBuffer', () => new ArrayBuffer(4), 'bytes'],
    ['a stream of Node', () => Readable.from([]), 'a stream'],
    [
      'a stream that somebody listens to',
      () => Readable.from([]).on('error', vi.fn()).on('error', vi.fn()),
      'a stream',
    ],
    ['a stream that reads a file', () => createReadStream(new URL(import.meta.url)), 'a stream'],
    ['a web stream', () => new ReadableStream(), 'a stream'],
    ['an async iterable', () => ({ [Symbol.asyncIterator]: vi.fn() }), 'a stream'],
    ['a stream that JSON cannot hold', () => inCircles(Readable.from([])), 'a stream'],
  ])('are refused with %s in them, wherever that stands', (_, make, what) => {
    const value = make();
    for (const variables of [{ value }, { input: { list: [1, value] } }]) {
      const path = 'value' in variables ? 'variables.value' : 'variables.input.list.1';
      expect(() => writeVariables(variables)).toThrow(
        expect.objectContaining({ name: 'OptionError', option: path, message: expect.stringContaining(what) }),
      );
    }
    if (value instanceof Readable) value.destroy();
  });

  test.each(['a.b', ''])('are refused where a file stands under the name "%s", which no path can say', (name) => {
    expect(() => writeVariables({ input: { [name]: [a] } })).toThrow(/name that is not empty and has no dot/);
    expect(written(writeVariables({ input: { [name]: 1, file: a } })).files).toEqual([[a, ['variables.input.file']]]);
  });

  test('are refused where an upload is all there is', () => {
    expect(() => writeVariables(a)).toThrow(OptionError);
  });
});

describe('variables without files', () => {
  test.each([
    undefined,
    {},
    { filter: {} },
    { text: '{} {"0": Buffer","data":[ _readableState":' },
    { '0': 1, map: { '0': {} } },
    { type: 'Buffer', data: [1] },
    { buffer: { type: 'Buffer', data: [1] } },
  ])('are written as they are: %j', (variables) => {
    const text = variables === undefined ? undefined : JSON.stringify(variables);
    expect(written(writeVariables(variables))).toEqual({ text, files: undefined });
  });

  test('are written once and never searched, unless their text looks like a file', () => {
    const toJSON = vi.fn(() => 'text');
    writeVariables({ value: { toJSON }, list: [1, { a: null }], empty: [] });
    expect(toJSON).toHaveBeenCalledTimes(1);
  });

  test('are refused where they hold a bigint, with its place and what writes it', () => {
    expect(() => writeVariables({ book: { pages: [1, 3n] } })).toThrow(
      '"variables" cannot be written as JSON: variables.book.pages.1 is a bigint. Write it with a codec such as bigInt, or give the session losslessJson() as "json", both of holdfast/schema.',
    );
  });

  test('are refused as before where JSON cannot hold them', () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    for (const variables of [cycle, { n: 1n }]) {
      expect(() => writeVariables(variables)).toThrow(/"variables" cannot be written as JSON/);
    }
  });
});

test('any variables with files are what they are without, and the paths lead to the files', () => {
  const names = fc.string({ minLength: 1 }).filter((name) => !name.includes('.') && name !== '__proto__');
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(a, b),
      fc.jsonValue({ maxDepth: 1 }).filter((value) => !JSON.stringify(value).includes('__proto__')),
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(names, tie('tree'), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(names, tree, { maxKeys: 4 }), (variables) => {
      const { variables: text, uploads = [] } = writeVariables(variables);
      expect(text?.text).toBe(JSON.stringify(variables));
      const filled: unknown = { variables: text?.value };
      for (const { paths, upload } of uploads) for (const path of paths) put(filled, path.split('.'), upload);
      expect(filesIn(filled, 'variables')).toEqual(filesIn({ variables }, 'variables'));
    }),
    { numRuns: 500 },
  );
});

function inCircles(value: object): unknown {
  return Object.assign(value, { self: value });
}

/** As a server does with the map of the specification. */
function put(holder: unknown, [name = '', ...rest]: readonly string[], file: Upload): void {
  const members = holder as Record<string, unknown>;
  if (rest.length > 0) {
    put(members[name], rest, file);
  } else {
    expect(members[name]).toBeNull();
    members[name] = file;
  }
}

/** Every file with its place, found in another way. */
function filesIn(holder: unknown, name: string): unknown[] {
  const value = (holder as Record<string, unknown>)[name];
  if (value === a || value === b) return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).map((key) => [key, filesIn(value, key)]);
}
