// What reading costs: each byte is copied and searched a fixed number of times, however small the chunks and however large the
// event, and no more memory is held than one event may have.

import { describe, expect, test } from 'vitest';
import { Leftover } from '../../../src/protocol/http/leftover.js';
import { MultipartReader } from '../../../src/protocol/http/multipart.js';
import { SseReader } from '../../../src/protocol/http/sse.js';
import { bytesOf, repeat } from './support/streams.js';
import { workOf } from './support/work.js';

const limit = 2 ** 21;

interface Reader {
  push(chunk: Uint8Array): readonly { readonly type: string }[];
}

const readers: readonly (readonly [string, () => Reader, begin: string, end: string])[] = [
  ['server-sent events', () => new SseReader(limit), 'data: ', '\n\n'],
  ['server-sent events with CR for line ends', () => new SseReader(limit), 'data: ', '\r\r'],
  ['multipart bodies', () => new MultipartReader('-', limit), '---\r\n\r\n', '\r\n---\r\n'],
];

function push(reader: Reader, chunks: readonly Uint8Array[]): string[] {
  return chunks.flatMap((chunk) => reader.push(chunk).map(({ type }) => type));
}

describe.each(readers)('a reader of %s', (_, create, begin, end) => {
  const megabyte = 2 ** 20;

  test.each([1, 128, 16_384])('takes a large event in chunks of %d bytes with linear work', (size) => {
    const total = size === 1 ? megabyte / 16 : megabyte;
    const chunks = [bytesOf(begin), ...repeat((total / size) | 0, bytesOf('x'.repeat(size))), bytesOf(end)];
    const reader = create();
    let types: string[] = [];
    const { copied, searched } = workOf(() => {
      types = push(reader, chunks);
    });
    expect(types).toHaveLength(1);
    expect(Math.min(copied, searched)).toBeGreaterThanOrEqual(total);
    expect(copied).toBeLessThan(4 * total);
    expect(searched).toBeLessThan(3 * total);
  });

  test('takes many small events in one chunk without copying them, and with linear work', () => {
    const chunk = bytesOf(begin, ...repeat(5000, `x${end}${begin}`));
    const reader = create();
    const { copied, searched } = workOf(() => reader.push(chunk));
    expect(copied).toBeLessThan(100);
    expect(searched).toBeLessThan(3 * chunk.length);
  });

  test('takes a body of short lines in small chunks with linear work', () => {
    const [lines, total] = ['x\n\r\n-\n--\r\n'.repeat(20), 220 * 300];
    const reader = create();
    reader.push(bytesOf(begin));
    const { copied, searched } = workOf(() => push(reader, repeat(300, bytesOf(lines))));
    expect(copied).toBeLessThan(4 * total);
    expect(searched).toBeLessThan(3 * total);
  });

  test('holds no more than the limit of what never ends', () => {
    const reader = create();
    reader.push(bytesOf(begin));
    const chunk = bytesOf('x'.repeat(65_536));
    let types: string[] = [];
    const { copied } = workOf(() => {
      types = push(reader, repeat(1000, chunk));
    });
    expect(types).toEqual(['too-large']);
    expect(copied).toBeLessThan(4 * limit);
  });
});

test('headers in chunks of one byte are read with linear work', () => {
  const header = `X: ${'y'.repeat(8000)}`;
  const chunks = [...bytesOf(`--b\n${header}`)].map((byte) => new Uint8Array([byte]));
  const { searched } = workOf(() => push(new MultipartReader('b', limit), chunks));
  expect(searched).toBeLessThan(3 * chunks.length);
});

describe('what is left over', () => {
  test('has memory of its own, of a size of its own', () => {
    const leftover = new Leftover();
    const chunk = new Uint8Array(1_000_000);
    chunk.set([1, 2], 999_998);
    leftover.keep(leftover.followedBy(chunk), 999_998);
    chunk.fill(9);
    const bytes = leftover.followedBy(bytesOf('a'));
    expect([...bytes]).toEqual([1, 2, 97]);
    expect(bytes.buffer.byteLength).toBeLessThan(10);
  });

  test('is nothing once it was used', () => {
    const leftover = new Leftover();
    leftover.keep(leftover.followedBy(bytesOf('ab')), 1);
    leftover.keep(leftover.followedBy(bytesOf('cd')), 3);
    expect(leftover.length).toBe(0);
    const chunk = bytesOf('e');
    expect(leftover.followedBy(chunk)).toBe(chunk);
  });
});
