// What may be uploaded, what it is called, and what is refused at once.

import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { OptionError } from '../../src/protocol/errors/option-error.js';
import { JsonText } from '../../src/protocol/json-text.js';
import { type UploadOptions, type UploadSource, upload } from '../../src/protocol/upload.js';

async function* bytes(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array([1]);
}

describe('an upload', () => {
  test('takes name, type and size from a File', () => {
    const file = new File(['<svg/>'], 'a.svg', { type: 'image/svg+xml' });
    expect(upload(file)).toMatchObject({ filename: 'a.svg', contentType: 'image/svg+xml', size: 6 });
  });

  test('takes the type of a Blob, which has no name', () => {
    const blob = new Blob(['hi'], { type: 'text/plain' });
    expect(upload(blob)).toMatchObject({ filename: 'blob', contentType: 'text/plain', size: 2 });
  });

  test.each<[string, UploadSource, number | undefined]>([
    ['bytes', new Uint8Array(3), 3],
    ['a Buffer', Buffer.from('abc'), 3],
    ['other views of memory', new Uint16Array(3) as unknown as Uint8Array, 6],
    ['a stream of Node', Readable.from([Buffer.from('a')]), undefined],
    ['a web stream', new ReadableStream<Uint8Array>(), undefined],
    ['an async iterable', bytes(), undefined],
    ['a function', () => new Blob(['a']), undefined],
  ])('takes %s, of an unknown type', (_, source, size) => {
    expect(upload(source)).toMatchObject({ filename: 'blob', contentType: 'application/octet-stream', size });
  });

  test('takes the name of the file that a stream reads', () => {
    const stream = createReadStream(new URL(import.meta.url).pathname);
    expect(upload(stream).filename).toBe('upload.test.ts');
    stream.destroy();
    const onWindows = Object.assign(bytes(), { path: 'C:\\files\\b.txt' });
    expect(upload(onWindows).filename).toBe('b.txt');
  });

  test('takes its name and type from the options first', () => {
    const file = new File(['a'], 'a.txt', { type: 'text/plain' });
    const options = { filename: 'ä "b".txt', contentType: 'text/csv; charset=utf-8' };
    expect(upload(file, options)).toMatchObject(options);
  });

  test('leaves out a type that no header can hold', () => {
    const foreign = { [Symbol.toStringTag]: 'Blob', type: 'text/plain\r\nx: y', size: 0 } as unknown as Blob;
    expect(upload(foreign).contentType).toBe('application/octet-stream');
  });

  test.each<[string, unknown, string]>([
    ['a path', './a.txt', 'createReadStream'],
    ['nothing', undefined, 'undefined'],
    ['a number', 5, '5'],
    ['a list of bytes', [1, 2], 'an array'],
    ['text as an iterable', { [Symbol.iterator]: () => {} }, 'an object'],
  ])('is not made of %s', (_, source, hint) => {
    expect(() => upload(source as UploadSource)).toThrow(OptionError);
    expect(() => upload(source as UploadSource)).toThrow(hint);
  });

  test.each<[string, unknown]>([
    ['filename', ''],
    ['filename', 5],
    ['contentType', 'text/plain\r\nset-cookie: a=b'],
    ['contentType', ''],
    ['contentType', 'téxt/plain'],
    ['onProgress', true],
    ['fileName', 'a.txt'],
  ])('refuses the option %s: %j', (option, value) => {
    const make = (): unknown => upload(new Blob([]), { [option]: value } as UploadOptions);
    expect(make).toThrow(expect.objectContaining({ name: 'OptionError', option }));
  });

  test('is null where a program shows its variables as JSON', () => {
    expect(JSON.stringify({ file: upload(new Blob(['a'])) })).toBe('{"file":null}');
  });

  test('is refused where nobody would send it', () => {
    expect(() => JsonText.of({ file: upload(new Blob(['a'])) })).toThrow(/holds an upload/);
  });
});
