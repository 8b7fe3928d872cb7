// One send of one source: its bytes as they are, its progress, and its end in every way that it may come.

import { EventEmitter, once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { describe, expect, test, vi } from 'vitest';
import { UnreadableUpload, UploadReader } from '../../src/protocol/upload/reader.js';
import { type UploadContents, type UploadSource, upload } from '../../src/protocol/upload.js';

const megabyte = Uint8Array.from({ length: 1_000_003 }, (_, index) => (index * 31) % 251);

function readerOf(source: UploadSource, onProgress?: (progress: unknown) => void) {
  const failed = vi.fn();
  const reader = new UploadReader(upload(source, { filename: 'a.bin' }), { onProgress, failed });
  return { reader, failed };
}

async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return new Uint8Array(Buffer.concat(all));
}

async function* generator(): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < megabyte.length; at += 70_001) yield megabyte.subarray(at, at + 70_001);
}

function webStream(): ReadableStream<Uint8Array> {
  const pieces = generator();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
  });
}

const sources: readonly (readonly [string, () => UploadContents])[] = [
  ['bytes', () => megabyte],
  ['a Buffer', () => Buffer.from(megabyte)],
  [
    'bytes in shared memory',
    () => new Uint8Array(new SharedArrayBuffer(megabyte.length)).map((_, at) => megabyte[at]!),
  ],
  ['a Blob', () => new Blob([megabyte])],
  ['a stream of Node', () => Readable.from(generator())],
  ['a web stream', webStream],
  [
    'a web stream that cannot be iterated over',
    () => Object.assign(webStream(), { [Symbol.asyncIterator]: undefined }),
  ],
  ['an async generator', generator],
];

describe('reading an upload', () => {
  test.each(sources)('of %s gives its bytes', async (_, make) => {
    const { reader, failed } = readerOf(make());
    expect(Buffer.compare(await collect(reader), megabyte)).toBe(0);
    expect(await reader.next()).toEqual({ done: true, value: undefined });
    expect(failed).not.toHaveBeenCalled();
  });

  test.each(sources)('of a function that makes %s gives them for each send', async (_, make) => {
    const file = upload(async () => make());
    for (let send = 0; send < 2; send++) {
      const reader = new UploadReader(file, { onProgress: undefined, failed: vi.fn() });
      expect(Buffer.compare(await collect(reader), megabyte)).toBe(0);
    }
    expect(file.spent).toBe(false);
  });

  test('opens nothing before it is asked, and a one-shot source once', async () => {
    const file = upload(Readable.from([Buffer.from('a')]));
    const read = (): UploadReader => new UploadReader(file, { onProgress: undefined, failed: vi.fn() });
    const reader = read();
    expect(file.spent).toBe(false);
    expect(await collect(reader)).toEqual(new Uint8Array([97]));
    expect(file.spent).toBe(true);
    await expect(collect(read())).rejects.toThrow(/"blob" was read before .* give a function that makes its source/);
  });
});

describe('its progress', () => {
  test('is told when the client has taken a piece, with the whole where that is known', async () => {
    const told: unknown[] = [];
    const { reader } = readerOf(new Blob([megabyte.subarray(0, 100_000)]), (progress) => told.push(progress));
    await reader.next();
    expect(told).toEqual([{ sentBytes: 0, totalBytes: 100_000 }]);
    await reader.next();
    expect(told.at(-1)).toEqual({ sentBytes: 65_536, totalBytes: 100_000 });
    await reader.next();
    expect(told.at(-1)).toEqual({ sentBytes: 100_000, totalBytes: 100_000 });
    expect(told.length).toBe(3);
  });

  test('has no whole where only the end of the source tells', async () => {
    const told: unknown[] = [];
    const { reader } = readerOf(Readable.from([Buffer.from('abc'), Buffer.from('de')]), (progress) =>
      told.push(progress),
    );
    await collect(reader);
    expect(told).toEqual([0, 3, 5].map((sentBytes) => ({ sentBytes, totalBytes: undefined })));
  });

  test('is told once for a file without bytes', async () => {
    const told: unknown[] = [];
    const { reader } = readerOf(new Blob([]), (progress) => told.push(progress));
    await collect(reader);
    expect(told).toEqual([{ sentBytes: 0, totalBytes: 0 }]);
  });

  test('costs nothing but a message where it throws', async () => {
    const shown = vi.spyOn(console, 'error').mockImplementation(() => {});
    const { reader } = readerOf(new Uint8Array(3), () => {
      throw new Error('mistake');
    });
    expect((await collect(reader)).length).toBe(3);
    expect(shown).toHaveBeenCalledTimes(2);
    shown.mockRestore();
  });
});

describe('a source that fails', () => {
  test.each<[string, UploadSource, string]>([
    ['midway', Readable.from(failing('disk gone')), 'disk gone'],
    [
      'when it is made',
      () => {
        throw new Error('no such file');
      },
      'no such file',
    ],
    ['when it is promised', () => Promise.reject(new Error('no such file')), 'no such file'],
    ['because it gives text', Readable.from(['text']), 'no encoding'],
    ['because its function answers with no source', (() => 'a.txt') as never, 'A path is not read'],
    ['because its function answers with a function', (() => () => new Blob([])) as never, 'another function'],
  ])('%s ends the reading with its error and is told of once', async (_, source, message) => {
    const { reader, failed } = readerOf(source);
    const error: unknown = await collect(reader).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnreadableUpload);
    expect(failed).toHaveBeenCalledTimes(1);
    const [told, cause] = failed.mock.calls[0]!;
    expect(told).toBe(error);
    expect(told.message).toContain('The upload "a.bin" could not be read: ');
    expect(told.message).toContain(message);
    expect(cause).toBe(told.cause);
    await expect(reader.next()).rejects.toBe(error);
  });

  test('that gave something else than bytes is closed', async () => {
    const stream = Readable.from(['text', 'more']);
    await expect(collect(readerOf(stream).reader)).rejects.toThrow(UnreadableUpload);
    expect(stream.destroyed).toBe(true);
  });
});

describe('a reading that is stopped', () => {
  test.each(['return', 'close'] as const)('by %s() destroys a stream that keeps it waiting', async (how) => {
    const stream = new PassThrough();
    const { reader, failed } = readerOf(stream);
    const waiting = reader.next();
    await new Promise(setImmediate);
    const closed = once(stream, 'close');
    void reader[how]();
    await expect(waiting).rejects.toThrow('was stopped');
    await closed;
    expect(stream.destroyed).toBe(true);
    expect(failed).not.toHaveBeenCalled();
  });

  test('ends a web stream and a generator that are being read', async () => {
    const cancelled = vi.fn();
    const stream = new ReadableStream<Uint8Array>({ pull: () => new Promise(() => {}), cancel: cancelled });
    const events = new EventEmitter();
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield new Uint8Array(1);
      } finally {
        events.emit('ended');
      }
    }
    const ended = once(events, 'ended');
    for (const contents of [stream, source()]) {
      const { reader } = readerOf(contents);
      const first = reader.next().catch(() => {});
      await new Promise(setImmediate);
      reader.close();
      await first;
    }
    await ended;
    expect(cancelled).toHaveBeenCalledTimes(1);
  });

  test('never says that the file ends there', async () => {
    const { reader } = readerOf(new Blob([megabyte]));
    await reader.next();
    reader.close();
    await expect(reader.next()).rejects.toThrow('was stopped');
  });

  test('destroys what a slow function makes afterwards', async () => {
    const stream = new PassThrough();
    let make = (_: UploadContents): void => {};
    const { reader } = readerOf(
      () =>
        new Promise<UploadContents>((resolve) => {
          make = resolve;
        }),
    );
    const waiting = reader.next();
    reader.close();
    await expect(waiting).rejects.toThrow('was stopped');
    make(stream);
    await expect.poll(() => stream.destroyed).toBe(true);
  });

  test('after its end does nothing', async () => {
    const { reader, failed } = readerOf(new Uint8Array(2));
    await collect(reader);
    reader.close();
    expect(await reader.next()).toEqual({ done: true, value: undefined });
    expect(failed).not.toHaveBeenCalled();
  });
});

async function* failing(message: string): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(5);
  throw new Error(message);
}
