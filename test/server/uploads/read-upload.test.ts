// Reading a form with files: what comes of a good one, and what its client is told of a bad one.
import { describe, expect, test } from 'vitest';
import { MissingDependencyError } from '../../../src/protocol/errors/missing-dependency-error.js';
import { isForm, readUpload, type UploadRead } from '../../../src/server/http/uploads/read-upload.js';
import { boundary, file, form, formRequest, limits, map, operations, read, shown } from './form-request.js';

const query = 'mutation ($file: Upload!) { store(file: $file) }';
const one = [operations({ query, variables: { file: null } }), map({ 0: ['variables.file'] })];

async function fault(reading: UploadRead | Promise<UploadRead>): Promise<string> {
  const read = await reading;
  if (read === 'gone' || !('fault' in read)) throw new Error(`It was read: ${JSON.stringify(read)}`);
  const { status, code, message } = read.fault;
  return `${status} ${code}: ${message}`;
}

describe('a form that holds what it should', () => {
  test('puts a file in the place of its variable, as the platform has files', async () => {
    const result = await read([...one, { ...file('0', 'hello', 'a.png'), type: 'Image/PNG; x=1' }]);
    expect(await shown(result)).toEqual({ query, variables: { file: ['a.png', 'image/png', 'hello'] } });
  });

  test('puts files into lists and nested inputs, and one file into several places', async () => {
    const result = await read([
      operations({ query, variables: { files: [null, null], deep: { a: [{ b: null }] }, other: 1 } }),
      map({ a: ['variables.files.0', 'variables.deep.a.0.b'], b: ['variables.files.1'] }),
      file('b', 'second'),
      file('a', 'first'),
    ]);
    const first = ['a.txt', 'text/plain', 'first'];
    expect(await shown(result)).toEqual({
      query,
      variables: { files: [first, ['b.txt', 'text/plain', 'second']], deep: { a: [{ b: first }] }, other: 1 },
    });
  });

  test('reads a list of operations, whose paths begin with a number', async () => {
    const result = await read([
      operations([
        { query, variables: { file: null } },
        { query, variables: { file: null } },
      ]),
      map({ 0: ['0.variables.file'], 1: ['1.variables.file'] }),
      file('0', 'zero'),
      file('1', 'one'),
    ]);
    expect(await shown(result)).toMatchObject([
      { variables: { file: ['0.txt', 'text/plain', 'zero'] } },
      { variables: { file: ['1.txt', 'text/plain', 'one'] } },
    ]);
  });

  test('knows a variable with any name', async () => {
    const variables = { variables: null, hasOwnProperty: [null] };
    const places = map({ 0: ['variables.variables', 'variables.hasOwnProperty.0'] });
    const result = await read([operations({ query, variables }), places, file('0', 'a')]);
    const a = ['0.txt', 'text/plain', 'a'];
    expect(await shown(result)).toEqual({ query, variables: { variables: a, hasOwnProperty: [a] } });
  });

  test('takes an empty file, one as large as may be, and a name without folders', async () => {
    const variables = { file: null, large: null };
    const result = await read([
      operations({ query, variables }),
      map({ 0: ['variables.file'], 1: ['variables.large'] }),
      file('0', '', '../../etc/passwd'),
      file('1', 'x'.repeat(1_000), 'ä.txt'),
    ]);
    expect(await shown(result)).toMatchObject({
      variables: { file: ['passwd', 'text/plain', ''], large: ['ä.txt', 'text/plain', 'x'.repeat(1_000)] },
    });
  });

  test('takes the two fields also as files with a media type, as some clients send them', async () => {
    const result = await read([
      { ...one[0]!, filename: 'blob', type: 'application/json' },
      { ...one[1]!, filename: 'blob', type: 'application/json' },
      file('0', 'hello'),
    ]);
    expect(await shown(result)).toMatchObject({ variables: { file: ['0.txt', 'text/plain', 'hello'] } });
  });

  test('passes over fields and files that nothing names', async () => {
    const result = await read([
      { name: 'csrf', content: 'token' },
      ...one,
      file('unknown', 'x'.repeat(900)),
      file('0', 'hello'),
    ]);
    expect(await shown(result)).toMatchObject({ variables: { file: ['0.txt', 'text/plain', 'hello'] } });
  });

  test('needs no file at all', async () => {
    expect(await shown(await read([operations({ query: '{ a }' }), map({})]))).toEqual({ query: '{ a }' });
  });

  test('keeps bytes as they are, whatever they are', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    const result = await read([...one, file('0', bytes)]);
    if (result === 'gone' || 'fault' in result) throw new Error('It was not read');
    const { variables } = result.operations as { variables: { file: File } };
    expect(new Uint8Array(await variables.file.arrayBuffer())).toEqual(bytes);
  });
});

describe('a form that is refused', () => {
  test.each([
    ['without operations', [map({})], /"operations" must come first/],
    ['without anything', [], /not well-formed|no field "operations"/],
    ['without a map', [operations({ query })], /no field "map"/],
    ['with a file before the map', [operations({ query }), file('0', '')], /must come before the files/],
    ['with operations that are no JSON', [{ name: 'operations', content: '{' }], /"operations" is not valid JSON/],
    ['with a map that is no JSON', [one[0]!, { name: 'map', content: '[' }], /"map" is not valid JSON/],
    ['with a map that is a list', [one[0]!, map([])], /"map" must be one JSON object/],
    ['with a map without lists', [one[0]!, map({ 0: 'variables.file' })], /a list of paths/],
    ['with an empty list of paths', [one[0]!, map({ 0: [] })], /a list of paths/],
    ['with two operations', [one[0]!, one[0]!], /"operations" was sent twice/],
    ['with two maps', [...one, one[1]!], /"map" was sent twice/],
    ['without a file that the map names', one, /"0" is named by the field "map" and was not sent/],
    ['with a text in the place of a file', [...one, { name: '0', content: 'text' }], /"0" .* was not sent/],
    ['with a file that comes twice', [...one, file('0', 'a'), file('0', 'b')], /"0" was sent twice/],
  ])('%s', async (_, parts, sentence) => {
    const told = await fault(read(parts));
    expect(told).toMatch(/^400 BAD_MULTIPART_REQUEST: /);
    expect(told).toMatch(sentence);
  });

  test.each([
    'variables.other',
    'variables.file.deeper',
    'variables.list.2',
    'variables.list.length',
    'variables.list.-1',
    'variables.__proto__',
    'variables.__proto__.__proto__',
    'variables.list.__proto__.__proto__.__proto__',
    'variables.constructor',
    'variables.constructor.prototype.polluted',
    'variables.list.__proto__.x',
    'variables.',
    'variables',
    'query',
    'operationName',
    '0.variables.file',
    '',
  ])('with a map whose path is "%s"', async (path) => {
    const value = { query, operationName: null, variables: { file: 'text', list: [1, 2] } };
    const told = await fault(read([operations(value), map({ 0: [path] }), file('0', 'x')]));
    expect(told).toMatch(/^400 BAD_MULTIPART_REQUEST: The path ".*" of the field "map" must lead to a /);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test('with a path twice', async () => {
    const twice = map({ 0: ['variables.file'], 1: ['variables.file'] });
    expect(await fault(read([one[0]!, twice]))).toMatch(/and no other path to the same/);
  });

  test.each([['null'], ['1'], ['"text"'], ['[]'], ['[null]']])('with a map into operations %s', async (content) => {
    expect(await fault(read([{ name: 'operations', content }, one[1]!]))).toMatch(/^400 .* must lead to a /);
  });

  test('repeats no more of what a client sent than a sentence holds', async () => {
    const told = await fault(read([one[0]!, map({ 0: [`variables.${'x'.repeat(1_500)}`] })]));
    expect(told.length).toBeLessThan(300);
  });

  test('with a file, a field, or a number of files past its bound, naming the option', async () => {
    expect(await fault(read([...one, file('0', 'x'.repeat(1_001))]))).toMatch(
      /^413 LIMIT_EXCEEDED: The file "0" is larger than 1000 bytes.*"uploads.maxFileBytes"/,
    );
    expect(await fault(read([operations({ query: 'x'.repeat(2_000) })]))).toMatch(
      /^413 LIMIT_EXCEEDED: The field "operations" is larger than 2000 bytes.*"limits.messageBytes"/,
    );
    const four = Object.fromEntries([0, 1, 2, 3].map((name) => [name, ['variables.file']]));
    const tooMany = /^413 LIMIT_EXCEEDED: One request may hold 3 files.*"uploads.maxFiles"/;
    expect(await fault(read([one[0]!, map(four)]))).toMatch(tooMany);
    const files = ['0', '1', '2', '3'].map((name) => file(name, 'x'));
    expect(await fault(read([...one, ...files]))).toMatch(tooMany);
  });

  test('with parts without end', async () => {
    const fields = Array.from({ length: 20 }, () => ({ name: 'a', content: '' }));
    expect(await fault(read([...one, ...fields]))).toMatch(/too many parts/);
  });

  test('with another boundary than its header says, or none', async () => {
    const body = form([...one, file('0', 'hello')]);
    const read = (type: string) => readUpload(formRequest([body], { 'content-type': type }), limits);
    expect(await fault(read('multipart/form-data; boundary=other'))).toMatch(/^400 .*not well-formed/);
    expect(await fault(read('multipart/form-data'))).toMatch(/^400 .*no boundary/);
  });

  test('that goes on in disorder after its closing boundary, where the parser says nothing any more', async () => {
    const body = Buffer.from(`--${boundary}--\r\n--${boundary}--${boundary}`);
    expect(await fault(readUpload(formRequest([body]), limits))).toMatch(/^400 .*not well-formed/);
  });

  test('that ends too early, at whatever byte', async () => {
    const body = form([...one, file('0', 'hello')]);
    const closing = body.length - '--\r\n'.length;
    for (let length = 0; length < closing; length++) {
      const read = await readUpload(formRequest([body.subarray(0, length)]), limits);
      expect(await fault(read)).toMatch(/^400 BAD_MULTIPART_REQUEST/);
    }
  });
});

describe('what is read of a body', () => {
  const longer = (bytes: number): Uint8Array[] => Array.from({ length: bytes / 1_000 }, () => new Uint8Array(1_000));

  test('a form that is refused is read to its end, so that its client gets to the answer', async () => {
    const request = formRequest([form([{ name: 'operations', content: '{' }]), ...longer(2_000)]);
    expect(await readUpload(request, limits)).toMatchObject({ fault: { status: 400 }, dropsRequest: false });
    expect(request.taken()).toBeGreaterThan(2_000);
  });

  test('but no further than all of it may be long', async () => {
    const request = formRequest([form([{ name: 'operations', content: '{' }]), ...longer(1_000_000)]);
    expect(await readUpload(request, limits)).toMatchObject({ fault: { status: 400 }, dropsRequest: true });
    expect(request.taken()).toBeLessThan(100_000);
  });

  test('nor is one that never comes to a part', async () => {
    const request = formRequest(longer(1_000_000));
    expect(await fault(readUpload(request, limits))).toMatch(/^413 LIMIT_EXCEEDED/);
    expect(request.taken()).toBeLessThan(100_000);
  });

  test('of a client that goes away nothing is made', async () => {
    async function* cutOff(): AsyncGenerator<Uint8Array> {
      yield form([...one, file('0', 'hello')]).subarray(0, 200);
      throw new Error('aborted');
    }
    expect(await readUpload(formRequest(cutOff()), limits)).toBe('gone');
  });

  test.each(['graphql-require-preflight', 'apollo-require-preflight', 'x-apollo-operation-name'])(
    'a form is read with the header %s',
    async (name) => {
      const headers = { 'graphql-require-preflight': undefined, [name]: 'true' };
      const request = formRequest([form([...one, file('0', 'hello')])], headers);
      expect(await readUpload(request, limits)).toHaveProperty('operations');
    },
  );

  test('not a byte without one of the headers that no page of another site can send', async () => {
    for (const value of [undefined, '']) {
      const request = formRequest([form(one)], { 'graphql-require-preflight': value });
      expect(await fault(readUpload(request, limits))).toMatch(
        /^400 PREFLIGHT_REQUIRED: .*"graphql-require-preflight: 1"/,
      );
      expect(request.taken()).toBe(0);
    }
  });

  test('not a byte where files are not taken, and the option is named', async () => {
    const request = formRequest([form(one)]);
    const read = readUpload(request, { uploads: undefined, messageBytes: 1 });
    expect(await fault(read)).toMatch(/^415 UPLOADS_DISABLED: .*option "uploads" is off/);
    expect(request.taken()).toBe(0);
  });

  test('not a byte without the package, and the error says how to install it', async () => {
    const load = () => Promise.reject(new MissingDependencyError('@fastify/busboy', '^3.0.0', 'The option "uploads"'));
    await expect(readUpload(formRequest([form(one)]), { ...limits, load })).rejects.toThrow(
      'npm install "@fastify/busboy@^3.0.0"',
    );
  });
});

test('a form is known by its media type', () => {
  expect(isForm(`multipart/form-data; boundary=${boundary}`)).toBe(true);
  expect(isForm('Multipart/Form-Data')).toBe(true);
  expect(isForm('multipart/form-data-not')).toBe(false);
  expect(isForm('application/json')).toBe(false);
  expect(isForm(undefined)).toBe(false);
});
