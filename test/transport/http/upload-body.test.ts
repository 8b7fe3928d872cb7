// Operations with files as multipart bodies: the specification's examples byte by byte, and anything at all through a parser
// that is not ours.

import { PassThrough, Readable } from 'node:stream';
import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { writeVariables } from '../../../src/protocol/upload/write-variables.js';
import { type UploadSource, upload } from '../../../src/protocol/upload.js';
import type { OperationRequest } from '../../../src/transport/contract.js';
import type { HttpBody } from '../../../src/transport/http/exchange.js';
import { preflightHeaders, UploadBody, withoutProgress } from '../../../src/transport/http/upload-body.js';
import { patienceMs } from '../../server/fuzz/support/patience.js';
import { eventually } from '../../testing/eventually.js';

function sendOf(query: string, given: object, more: Partial<OperationRequest> = {}): UploadBody {
  const { variables, uploads = [] } = writeVariables(given);
  const none = undefined;
  const request: OperationRequest = {
    kind: 'mutation',
    query,
    operationName: none,
    variables,
    extensions: none,
    headers: none,
    ...more,
  };
  return new UploadBody(request, uploads);
}

/** As a client of HTTP does: one part after the other. */
async function* sent({ parts }: HttpBody): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if (typeof part === 'function') yield* part();
    else if (part instanceof Blob) yield new Uint8Array(await part.arrayBuffer());
    else yield part;
  }
}

async function bytesOf(body: HttpBody): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  for await (const piece of sent(body)) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}

async function textOf({ body, contentType }: UploadBody): Promise<string> {
  const boundary = contentType.replace('multipart/form-data; boundary=', '');
  return Buffer.from(await bytesOf(body))
    .toString()
    .replaceAll(boundary, 'B')
    .replaceAll('\r\n', '\n');
}

/** Another implementation's reading of it. */
async function parsed({ body, contentType }: UploadBody): Promise<FormData> {
  return new Response(await bytesOf(body), { headers: { 'content-type': contentType } }).formData();
}

const textFile = (name: string, text: string): File => new File([text], name, { type: 'text/plain' });

describe('the examples of the specification', () => {
  test('one file', async () => {
    const body = sendOf('mutation ($file: Upload!) { singleUpload(file: $file) { id } }', {
      file: textFile('a.txt', 'Alpha file content.\n'),
    });
    expect(await textOf(body)).toBe(`--B
Content-Disposition: form-data; name="operations"

{"query":"mutation ($file: Upload!) { singleUpload(file: $file) { id } }","variables":{"file":null}}
--B
Content-Disposition: form-data; name="map"

{"0":["variables.file"]}
--B
Content-Disposition: form-data; name="0"; filename="a.txt"
Content-Type: text/plain

Alpha file content.

--B--
`);
  });

  test('a list of files', async () => {
    const body = sendOf('mutation($files: [Upload!]!) { multipleUpload(files: $files) { id } }', {
      files: [textFile('b.txt', 'Bravo file content.\n'), textFile('c.txt', 'Charlie file content.\n')],
    });
    expect(await textOf(body)).toBe(`--B
Content-Disposition: form-data; name="operations"

{"query":"mutation($files: [Upload!]!) { multipleUpload(files: $files) { id } }","variables":{"files":[null,null]}}
--B
Content-Disposition: form-data; name="map"

{"0":["variables.files.0"],"1":["variables.files.1"]}
--B
Content-Disposition: form-data; name="0"; filename="b.txt"
Content-Type: text/plain

Bravo file content.

--B
Content-Disposition: form-data; name="1"; filename="c.txt"
Content-Type: text/plain

Charlie file content.

--B--
`);
  });
});

describe('a body with files', () => {
  test('carries everything else of the operation, and one part for a file in two places', async () => {
    const file = upload(Buffer.from([0, 255, 13, 10]));
    const body = sendOf('mutation B { b }', { one: file, two: [file] }, { operationName: 'B', documentId: 'sha256:1' });
    const form = await parsed(body);
    expect([...form.keys()]).toEqual(['operations', 'map', '0']);
    expect(JSON.parse(String(form.get('operations')))).toEqual({
      query: 'mutation B { b }',
      documentId: 'sha256:1',
      operationName: 'B',
      variables: { one: null, two: [null] },
    });
    expect(JSON.parse(String(form.get('map')))).toEqual({ 0: ['variables.one', 'variables.two.0'] });
    const part = form.get('0') as File;
    expect([part.name, part.type]).toEqual(['blob', 'application/octet-stream']);
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(new Uint8Array([0, 255, 13, 10]));
  });

  test('escapes names as browsers do', async () => {
    const filename = 'a"; filename="b\r\nx: y\\ü.txt';
    const text = await textOf(sendOf('{ a }', { file: upload(new Blob([]), { filename }) }));
    expect(text).toContain('filename="a%22; filename=%22b%0D%0Ax: y\\ü.txt"\n');
  });

  test('has a boundary of its own, which nobody can guess', async () => {
    const types = Array.from({ length: 100 }, () => sendOf('{ a }', { file: new Blob([]) }).contentType);
    expect(new Set(types).size).toBe(100);
    for (const type of types) expect(type).toMatch(/^multipart\/form-data; boundary=holdfast-[0-9a-f]{32}$/);
  });

  test('knows its length where every file does', async () => {
    const { body } = sendOf('{ ä }', { files: [new Blob(['ä']), upload(new Uint8Array(70_000)), textFile('ä', 'b')] });
    expect(body.length).toBe((await bytesOf(body)).length);
    expect(sendOf('{ a }', { files: [new Blob([]), upload(Readable.from([]))] }).body.length).toBeUndefined();
    expect(sendOf('{ a }', { file: upload(() => new Blob([])) }).body.length).toBeUndefined();
  });

  test('hands on what lies in memory as it is, without a copy', () => {
    const bytes = new Uint8Array(3);
    const blob = new Blob(['a']);
    const { parts } = sendOf('{ a }', { files: [upload(bytes), blob] }).body;
    expect((parts[1] as Uint8Array).buffer).toBe(bytes.buffer);
    expect(parts[3]).toBe(blob);
  });

  test('reads a Blob that a library made, which no platform would take for one', async () => {
    const real = new Blob(['abc'], { type: 'text/plain' });
    class LibraryBlob {
      get [Symbol.toStringTag](): string {
        return 'Blob';
      }
      get size(): number {
        return real.size;
      }
      get type(): string {
        return real.type;
      }
      slice(from: number, to: number): Blob {
        return real.slice(from, to);
      }
    }
    const foreign = new LibraryBlob() as unknown as Blob;
    const body = sendOf('{ a }', { foreign });
    expect(body.body.length).toBe((await bytesOf(body.body)).length);
    expect(await ((await parsed(body)).get('0') as File).text()).toBe('abc');
  });

  test('comes with a header by which servers know that no page forged it', () => {
    expect(preflightHeaders).toEqual({ 'apollo-require-preflight': 'true' });
  });
});

test('any variables with any files arrive as they were, at another parser', { timeout: patienceMs }, async () => {
  const contents = fc.uint8Array({ maxLength: 200 });
  const names = fc.string({ minLength: 1, unit: 'grapheme' });
  const types = fc.constantFrom('text/plain', 'image/png', 'application/x-any');
  const sources: readonly ((bytes: Uint8Array<ArrayBuffer>) => UploadSource)[] = [
    (bytes) => bytes,
    (bytes) => new Blob([bytes]),
    (bytes) => Readable.from([bytes.subarray(0, 7), bytes.subarray(7)]),
    (bytes) => () => Readable.from([bytes]),
    (bytes) => async () => new Blob([bytes]),
  ];
  const files = fc.record({ contents, filename: names, contentType: types, source: fc.constantFrom(...sources) });
  await fc.assert(
    fc.asyncProperty(fc.array(files, { minLength: 1, maxLength: 4 }), fc.jsonValue(), async (given, other) => {
      const made = given.map(({ contents, source, ...options }) =>
        upload(source(contents as Uint8Array<ArrayBuffer>), options),
      );
      const form = await parsed(sendOf('mutation { a }', { other, input: { files: made } }));
      const { variables } = JSON.parse(String(form.get('operations')));
      expect(variables).toEqual(JSON.parse(JSON.stringify({ other, input: { files: given.map(() => null) } })));
      for (const [index, { contents, filename, contentType }] of given.entries()) {
        const part = form.get(String(index)) as File;
        expect(new Uint8Array(await part.arrayBuffer())).toEqual(new Uint8Array(contents));
        expect(part.type).toBe(contentType);
        // The parser undoes the escapes, of which a name may hold some of its own.
        expect(part.name).toBe(unescaped(filename));
      }
    }),
    { numRuns: 200 },
  );
});

function unescaped(name: string): string {
  return name.replace(/%0A/gi, '\n').replace(/%0D/gi, '\r').replace(/%22/g, '"');
}

describe('sending it', () => {
  test('tells the progress of each file, anew for each send', async () => {
    const told: string[] = [];
    const onProgress =
      (name: string) =>
      ({ sentBytes, totalBytes }: { sentBytes: number; totalBytes: number | undefined }): void =>
        void told.push(`${name} ${sentBytes}/${totalBytes}`);
    const variables = {
      a: upload(new Blob(['abc']), { onProgress: onProgress('a') }),
      b: upload(() => Readable.from([Buffer.from('de')]), { onProgress: onProgress('b') }),
    };
    for (let send = 0; send < 2; send++) await bytesOf(sendOf('{ a }', variables).body);
    const once = ['a 0/3', 'a 3/3', 'b 0/undefined', 'b 2/undefined'];
    expect(told).toEqual([...once, ...once]);
  });

  test('tells none where the platform takes a body as a whole', async () => {
    const told = vi.fn();
    const blob = new Blob(['abc']);
    const { body } = sendOf('{ a }', {
      a: upload(blob, { onProgress: told }),
      b: upload(() => Readable.from([Buffer.from('de')]), { onProgress: told }),
    });
    expect(typeof body.parts[1]).toBe('function');
    const quiet = withoutProgress(body);
    expect(quiet.parts[1]).toBe(blob);
    expect(quiet.length).toBe(body.length);
    await bytesOf(quiet);
    expect(told).not.toHaveBeenCalled();
    const { body: ordinary } = sendOf('{ a }', { a: blob, b: upload(() => blob) });
    expect(withoutProgress(ordinary)).toBe(ordinary);
  });

  test('sends the whole of what a function makes each time', async () => {
    const source = vi.fn(() => Readable.from([Buffer.from('abc')]));
    const file = upload(source);
    for (let send = 0; send < 3; send++) {
      const form = await parsed(sendOf('{ a }', { file }));
      expect(await (form.get('0') as File).text()).toBe('abc');
    }
    expect(source).toHaveBeenCalledTimes(3);
  });

  test('sends no byte of a request with a file that can be read no more, and says which', async () => {
    const { variables, uploads = [] } = writeVariables({
      whole: new Blob(['a']),
      file: upload(Readable.from([Buffer.from('abc')]), { filename: 'a.bin' }),
    });
    const none = undefined;
    const base = { query: 'mutation { a }', operationName: none, extensions: none, headers: none };
    const request = { ...base, kind: 'mutation', variables, uploads } as const;
    await bytesOf(new UploadBody(request, uploads).body);
    const again = new UploadBody(request, uploads);
    const pieces: unknown[] = [];
    const reading = (async () => {
      for await (const piece of sent(again.body)) pieces.push(piece);
    })();
    await expect(reading).rejects.toThrow(/"a.bin" was read before/);
    expect(pieces).toEqual([]);
    expect(again.failure).toMatchObject({
      code: 'aborted',
      message: expect.stringContaining('"a.bin" was read before'),
    });
  });

  test('knows the failure of a source, whatever the client of HTTP makes of it', async () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const file = upload(() => Promise.reject(cause), { filename: 'a.bin' });
    const body = sendOf('{ a }', { file });
    expect(body.failure).toBeUndefined();
    await expect(bytesOf(body.body)).rejects.toThrow('could not be read');
    expect(body.failure).toEqual({
      code: 'aborted',
      phase: 'operation',
      message: 'The upload "a.bin" could not be read: connect ECONNREFUSED.',
      cause,
    });
  });

  test('closes what is open when it is over, and leaves other sends alone', async () => {
    const streams: PassThrough[] = [];
    const file = upload(() => {
      const stream = new PassThrough();
      streams.push(stream);
      return stream;
    });
    const readings = [0, 1].map(() => {
      const body = sendOf('{ a }', { file });
      return { body, reading: bytesOf(body.body) };
    });
    await eventually(() => streams.length, 2);
    const [first, second] = readings;
    first!.body.close();
    await expect(first!.reading).rejects.toThrow('was stopped');
    expect(streams.map(({ destroyed }) => destroyed)).toEqual([true, false]);
    expect(first!.body.failure).toBeUndefined();
    streams[1]!.end('abc');
    expect(Buffer.from(await second!.reading).toString()).toContain('\r\n\r\nabc\r\n--');
  });
});
