// Server-sent events as bytes: what every rule of the standard means for what is read, and that it does not matter how a stream
// is cut into chunks.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type SseItem, SseReader } from '../../../src/protocol/http/sse.js';
import { anyCuts, anyText, bytesOf, cut, oneByteEach, repeat, tell } from './support/streams.js';

const limit = 10_000;

function itemsOf(...pieces: readonly (string | Uint8Array)[]): SseItem[] {
  const stream = bytesOf(...pieces);
  const items = tell(new SseReader(limit), [stream]);
  expect(tell(new SseReader(limit), oneByteEach(stream))).toEqual(items);
  return items;
}

function eventsOf(
  ...pieces: readonly (string | Uint8Array)[]
): { event: string; data: string; id: string | undefined }[] {
  return itemsOf(...pieces).flatMap((item) =>
    item.type === 'event' ? [{ event: item.event, data: item.data, id: item.id }] : [],
  );
}

function dataOf(...pieces: readonly (string | Uint8Array)[]): string[] {
  return eventsOf(...pieces).map(({ data }) => data);
}

describe('lines', () => {
  test.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('end in %s', (_, end) => {
    expect(dataOf(`data: a${end}${end}data: b${end}data: c${end}${end}`)).toEqual(['a', 'b\nc']);
  });

  test('may end differently within one stream', () => {
    expect(dataOf('data: a\r\rdata: b\n\ndata: c\r\n\r\ndata: d\r\n\ndata: e\n\r\n')).toEqual([
      'a',
      'b',
      'c',
      'd',
      'e',
    ]);
  });

  test('that end in CR are complete before it is known whether LF follows', () => {
    const reader = new SseReader(limit);
    expect(reader.push(bytesOf('data: a\r\n\r'))).toMatchObject([{ type: 'event', data: 'a' }]);
    expect(reader.push(bytesOf('\n'))).toEqual([]);
    expect(reader.push(bytesOf('data: b\n\n'))).toMatchObject([{ data: 'b' }]);
  });

  test('with a CR at the end of one chunk end once, whatever follows', () => {
    const reader = new SseReader(limit);
    expect(reader.push(bytesOf('data: a\r'))).toEqual([]);
    expect(reader.push(new Uint8Array())).toEqual([]);
    expect(reader.push(bytesOf('\ndata: b\r'))).toEqual([]);
    expect(reader.push(bytesOf('\r'))).toMatchObject([{ data: 'a\nb' }]);
  });

  test('may have a byte order mark before the first one only', () => {
    expect(dataOf('\ufeffdata: a\n\n\ufeffdata: b\n\n')).toEqual(['a']);
    expect(dataOf('\ufeff\ufeffdata: a\n\n')).toEqual([]);
    expect(dataOf('data: \ufeffa\n\n')).toEqual(['\ufeffa']);
    expect(dataOf('\ufeff\n\ndata: a\n\n')).toEqual(['a']);
  });
});

describe('fields', () => {
  test('of data are joined with LF', () => {
    expect(dataOf('data: a\ndata:\ndata: b\n\n')).toEqual(['a\n\nb']);
    expect(dataOf('data\ndata\n\n')).toEqual(['\n']);
  });

  test('lose one space after the colon, and no more', () => {
    expect(dataOf('data:a\n\ndata: b\n\ndata:  c\n\ndata: d \n\ndata:\te\n\n')).toEqual(['a', 'b', ' c', 'd ', '\te']);
  });

  test('may hold colons', () => expect(dataOf('data: a:b: c\n\n')).toEqual(['a:b: c']));

  test('without a colon have an empty value', () => {
    expect(eventsOf('data\n\n')).toMatchObject([{ event: 'message', data: '' }]);
    expect(eventsOf('event: x\nevent\ndata: a\n\n')).toMatchObject([{ event: 'message', data: 'a' }]);
  });

  test('that are unknown, or spelt differently, mean nothing', () => {
    expect(dataOf('Data: a\n data: b\ndata : c\nfoo: d\n\n')).toEqual([]);
  });

  test('name an event, which else is a message', () => {
    expect(eventsOf('event: next\ndata: a\n\ndata: b\n\n')).toMatchObject([{ event: 'next' }, { event: 'message' }]);
  });

  test('give an id, which holds until the next one', () => {
    expect(
      eventsOf('data: a\n\nid: 1\ndata: b\n\ndata: c\n\nid: 2\n\ndata: d\n\nid\ndata: e\n\n').map(({ id }) => id),
    ).toEqual([undefined, '1', '1', '2', '']);
  });

  test('with an id that holds NUL give none', () => {
    expect(eventsOf('id: 1\nid: 2\0\ndata: a\n\n')).toMatchObject([{ id: '1' }]);
  });

  test('give a time to wait, in digits only', () => {
    const times = itemsOf('retry: 10\nretry:020\nretry: 1.5\nretry: -1\nretry: 1e3\nretry: \nretry: 1 \nretry: ٣\n');
    expect(times).toEqual([
      { type: 'retry', ms: 10 },
      { type: 'retry', ms: 20 },
    ]);
    expect(itemsOf(`retry: ${'9'.repeat(400)}\n`)).toEqual([{ type: 'retry', ms: Number.MAX_SAFE_INTEGER }]);
  });

  test('do not reach from one event into the next', () => {
    expect(eventsOf('event: x\ndata: a\n\ndata: b\n\n')).toMatchObject([
      { event: 'x' },
      { event: 'message', data: 'b' },
    ]);
    expect(eventsOf('id: 1\n\n\n\n')).toEqual([]);
  });
});

describe('comments', () => {
  test('are told as they come, also within an event', () => {
    expect(itemsOf(':\n\n: alive\ndata: a\n:b\ndata: c\n\n')).toMatchObject([
      { type: 'comment', text: '' },
      { type: 'comment', text: 'alive' },
      { type: 'comment', text: 'b' },
      { type: 'event', data: 'a\nc' },
    ]);
  });
});

describe('an event', () => {
  test('that nothing ends is discarded', () => {
    expect(itemsOf('data: a\n')).toEqual([]);
    expect(itemsOf('data: a')).toEqual([]);
    expect(itemsOf('event: complete')).toEqual([]);
  });

  test('with a name is told without a data line, because servers end operations so', () => {
    expect(eventsOf('event: complete\n\n')).toEqual([{ event: 'complete', data: '', id: undefined }]);
  });

  test('has the size of its lines as they were received', () => {
    expect(itemsOf('data: €\n: comment\nid: 1\n\ndata: a\r\n\r\n')).toMatchObject([
      { type: 'comment' },
      { bytes: 10 + 6 },
      { bytes: 8 },
    ]);
  });

  test('may hold characters that were cut in the middle', () => {
    expect(dataOf('data: €😀\n\n')).toEqual(['€😀']);
  });

  test('has U+FFFD for what is no UTF-8, and the next one is unharmed', () => {
    expect(dataOf('data: a', new Uint8Array([0xff, 0xe2, 0x82]), '\n\ndata: €\n\n')).toEqual(['a\ufffd\ufffd', '€']);
  });
});

describe('what is too large', () => {
  const reader = () => new SseReader(20);
  const isTooLarge = [{ type: 'too-large' }];

  test('may be as large as the limit', () => {
    expect(tell(reader(), [bytesOf(`data: ${'a'.repeat(13)}\n\n`)])).toMatchObject([{ type: 'event', bytes: 20 }]);
    expect(tell(reader(), [bytesOf(`data: ${'a'.repeat(14)}\n\n`)])).toMatchObject(isTooLarge);
  });

  test('ends the stream as one line, as many lines, as lines that mean nothing, and as a comment', () => {
    for (const stream of ['data: '.repeat(10), 'data\n'.repeat(10), 'x\n'.repeat(20), `:${'x'.repeat(20)}`]) {
      expect(tell(reader(), [bytesOf(stream)])).toMatchObject(isTooLarge);
      expect(tell(reader(), oneByteEach(bytesOf(stream)))).toMatchObject(isTooLarge);
    }
  });

  test('is noticed without its end, and nothing comes after it', () => {
    const bounded = reader();
    expect(bounded.push(bytesOf('data: a\n\n', 'x'.repeat(21)))).toMatchObject([
      { type: 'event', data: 'a' },
      { type: 'too-large', bytes: 21 },
    ]);
    expect(bounded.push(bytesOf('\n\ndata: b\n\n'))).toEqual([]);
  });

  test('is not what is small, however much of it comes', () => {
    expect(tell(reader(), repeat(1000, bytesOf(': alive\n\n')))).toHaveLength(1000);
    expect(tell(reader(), repeat(1000, bytesOf('data: abcdef\n\n')))).toHaveLength(1000);
    expect(tell(reader(), repeat(1000, bytesOf('\n')))).toEqual([]);
  });
});

/** Fields and comments of any kind; `\r` and `\n` in them begin new lines, which is fine. */
const anyLine = fc.oneof(
  fc
    .tuple(fc.constantFrom('data', 'event', 'id', 'retry', 'foo', ''), fc.constantFrom(':', ': ', ''), anyText)
    .map((all) => all.join('')),
  fc.constantFrom('', '', '', 'data', 'data: x', 'retry: 5', ':'),
);
const anyStream = fc
  .tuple(
    fc.constantFrom('', '\ufeff'),
    fc.array(fc.tuple(anyLine, fc.constantFrom('\n', '\r\n', '\r')), { maxLength: 20 }),
  )
  .map(([mark, lines]) => bytesOf(mark + lines.flat().join('')));

/** The bytes of a fault are those that had come by then. */
function comparable(items: readonly SseItem[]): unknown[] {
  return items.map((item) => (item.type === 'too-large' ? item.type : item));
}

describe('any stream', () => {
  test('gives the same items however it is cut', () => {
    fc.assert(
      fc.property(
        fc.oneof(anyStream, fc.uint8Array({ maxLength: 60 })),
        anyCuts,
        fc.constantFrom(12, 60, limit),
        (stream, cuts, max) => {
          const whole = comparable(tell(new SseReader(max), [stream]));
          expect(comparable(tell(new SseReader(max), cut(stream, cuts)))).toEqual(whole);
          expect(comparable(tell(new SseReader(max), oneByteEach(stream)))).toEqual(whole);
        },
      ),
      { numRuns: 400 },
    );
  });

  test('gives back the data that was written into it', () => {
    fc.assert(
      fc.property(
        fc.array(anyText, { maxLength: 5 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        anyCuts,
        (texts, end, cuts) => {
          const events = texts.map(
            (text) =>
              text
                .split(/\r\n|\r|\n/)
                .map((line) => `data: ${line}${end}`)
                .join('') + end,
          );
          const items = tell(new SseReader(limit), cut(bytesOf(...events), cuts));
          expect(items).toMatchObject(texts.map((text) => ({ type: 'event', data: text.replace(/\r\n|\r/g, '\n') })));
        },
      ),
      { numRuns: 300 },
    );
  });
});
