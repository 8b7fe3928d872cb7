// Multipart bodies as bytes: where parts begin and end, when they are told, and that it does not matter how a stream is cut.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type MultipartItem, MultipartReader } from '../../../src/protocol/http/multipart.js';
import { anyCuts, anyLineEnd, anyText, bytesOf, cut, oneByteEach, repeat, tell } from './support/streams.js';

const limit = 10_000;

function itemsOf(boundary: string, ...pieces: readonly (string | Uint8Array)[]): MultipartItem[] {
  const stream = bytesOf(...pieces);
  const items = tell(new MultipartReader(boundary, limit), [stream]);
  expect(tell(new MultipartReader(boundary, limit), oneByteEach(stream))).toEqual(items);
  return items;
}

function bodiesOf(boundary: string, ...pieces: readonly (string | Uint8Array)[]): (string | undefined)[] {
  return itemsOf(boundary, ...pieces).map((item) => (item.type === 'part' ? item.body : undefined));
}

function isFinished(boundary: string, stream: string): boolean {
  const reader = new MultipartReader(boundary, limit);
  reader.push(bytesOf(stream));
  return reader.finished;
}

const json = 'Content-Type: application/json; charset=utf-8';

describe('parts', () => {
  test('are what stands between boundaries', () => {
    expect(bodiesOf('-', `\r\n---\r\n${json}\r\n\r\n{"a":1}\r\n---\r\n${json}\r\n\r\n{"b":2}\r\n-----\r\n`)).toEqual([
      '{"a":1}',
      '{"b":2}',
    ]);
  });

  test('may begin with the first byte of the body', () => {
    expect(bodiesOf('b', '--b\r\n\r\none\r\n--b--')).toEqual(['one']);
  });

  test('may have bare LF for line ends, also beside CRLF', () => {
    expect(bodiesOf('b', '--b\nX: 1\n\none\n--b\r\n\r\ntwo\n--b\n\nthree\r\n--b--\n')).toEqual(['one', 'two', 'three']);
  });

  test('keep the line ends and carriage returns that are theirs', () => {
    expect(bodiesOf('b', '--b\r\n\r\n\r\n one\r\n\r\ntwo\r\r\n\r\n--b--')).toEqual(['\r\n one\r\n\r\ntwo\r\r\n']);
  });

  test('may have spaces and tabs after the boundary', () => {
    expect(bodiesOf('b', '--b \t \r\n\r\none\r\n--b\t\n\ntwo\r\n--b \r\n\r\nthree\r\n--b--')).toEqual([
      'one',
      'two',
      'three',
    ]);
  });

  test('may be empty, with headers, without, and without the empty line too', () => {
    expect(itemsOf('b', '--b\r\nX: 1\r\n\r\n\r\n--b\r\n\r\n--b\r\n\r\n\r\n--b\r\n--b\r\nY: 2\r\n--b--')).toEqual([
      { type: 'part', headers: { x: '1' }, body: '', bytes: 0 },
      { type: 'part', headers: {}, body: '', bytes: 0 },
      { type: 'part', headers: {}, body: '', bytes: 0 },
      { type: 'part', headers: {}, body: '', bytes: 0 },
      { type: 'part', headers: { y: '2' }, body: '', bytes: 0 },
    ]);
  });

  test('may hold the boundary, but not where a line begins', () => {
    const body = 'a--b --b\r\n --b\r\n-b\r\n--c\r\r\n-\r\n--\n--';
    expect(bodiesOf('b', `--b\r\n\r\n${body}\r\n--b--`)).toEqual([body]);
  });

  test('may hold characters that were cut in the middle, and have the size they were received in', () => {
    expect(itemsOf('b', '--b\r\n\r\n"€😀"\r\n--b--')).toMatchObject([{ body: '"€😀"', bytes: 9 }]);
  });

  test('that are no UTF-8 are told as such, and the next one is unharmed', () => {
    expect(itemsOf('b', '--b\r\nX: 1\r\n\r\n', new Uint8Array([0x22, 0xff]), '\r\n--b\r\n\r\n€\r\n--b--')).toEqual([
      { type: 'malformed', headers: { x: '1' }, bytes: 2 },
      { type: 'part', headers: {}, body: '€', bytes: 3 },
    ]);
  });

  test.each(['graphql', '-', '--', '-----', "a'()+_,-./:=? b", '=_€'])(
    'may be separated by the boundary %j',
    (boundary) => {
      expect(bodiesOf(boundary, `--${boundary}\r\n\r\n{}\r\n--${boundary}\r\n\r\n[]\r\n--${boundary}--`)).toEqual([
        '{}',
        '[]',
      ]);
    },
  );
});

describe('headers', () => {
  test('are told by name, in lower case, without the space around their values', () => {
    const stream =
      '--b\r\nContent-Type:application/json \r\nX-A : 1\r\nx-a:\t2\r\nnothing\r\n: none\r\nLong: a\r\n\t b\r\n\r\n{}\r\n--b';
    expect(itemsOf('b', stream)).toMatchObject([
      { headers: { 'content-type': 'application/json', 'x-a': '1, 2', long: 'a b' } },
    ]);
  });

  test('may be named like members of Object', () => {
    const [part] = itemsOf('b', '--b\n__proto__: x\nconstructor: y\n\n{}\n--b');
    expect(part?.type === 'part' && Object.entries(part.headers)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });

  test('may have 16 KiB in all, and no more', () => {
    const lines = `${'x: '.padEnd(1023, 'y')}\n`.repeat(16);
    expect(bodiesOf('b', `--b\n${lines}\n{}\n--b`)).toEqual(['{}']);
    const fault = [{ type: 'fault', reason: 'the headers of a part are too large' }];
    expect(itemsOf('b', `--b\n${lines}x`)).toEqual(fault);
    expect(itemsOf('b', `--b\n${'x'.repeat(16_385)}`)).toEqual(fault);
  });
});

describe('what is no part', () => {
  test('is ignored before the first boundary', () => {
    expect(bodiesOf('b', 'This is --b multipart.\r\n\r\nX: 1\r\n--b\r\n\r\n{}\r\n--b--')).toEqual(['{}']);
  });

  test('is ignored after the end marker', () => {
    expect(bodiesOf('b', '--b\r\n\r\n{}\r\n--b--\r\n--b\r\n\r\nno part\r\n--b\r\n--b--')).toEqual(['{}']);
  });

  test('ends the stream where it stands behind a boundary', () => {
    const fault = [{ type: 'fault', reason: 'the line of a boundary goes on with something else' }];
    expect(itemsOf('b', '--bc\r\n\r\n{}\r\n--b--')).toEqual(fault);
    expect(itemsOf('b', '--b -\r\n\r\n{}\r\n--b--')).toEqual(fault);
  });
});

describe('the end', () => {
  test('is the end marker, with whatever follows', () => {
    for (const end of ['--b--', '--b--\r\n', '--b--\n\n', '--b --', '--b--epilogue']) {
      expect(isFinished('b', `--b\r\n\r\n{}\r\n${end}`)).toBe(true);
      expect(isFinished('b', end)).toBe(true);
    }
  });

  test('is nothing else', () => {
    for (const end of [
      '',
      '\r\n',
      '\r\n--b',
      '\r\n--b-',
      '\r\n--b\r\n',
      '--b--',
      '\r\n --b--',
      '\r\n--c--',
      '\r\n--b\r\n\r\n{}',
    ]) {
      expect(isFinished('b', `--b\r\n\r\n{}${end}`)).toBe(false);
    }
  });
});

describe('a part is told', () => {
  const begin = `--b\r\n${json}\r\n\r\n`;

  test('with the last byte of its delimiter, before anybody knows whether it was the last part', () => {
    const reader = new MultipartReader('b', limit);
    expect(reader.push(bytesOf(`${begin}{"a":1}\r\n--`))).toEqual([]);
    expect(reader.push(bytesOf('b'))).toMatchObject([{ body: '{"a":1}' }]);
    expect(reader.push(bytesOf(`\r\n${json}\r\n\r\n{"b":2}\r\n--b`))).toMatchObject([{ body: '{"b":2}' }]);
    expect(reader.push(bytesOf('--\r\n'))).toEqual([]);
    expect(reader.finished).toBe(true);
  });

  test('without its delimiter only where it says how long it is', () => {
    const reader = new MultipartReader('b', limit);
    expect(reader.push(bytesOf('--b\r\nContent-Length: 7\r\n\r\n{"a":'))).toEqual([]);
    expect(reader.push(bytesOf('1'))).toEqual([]);
    expect(reader.push(bytesOf('}'))).toMatchObject([{ body: '{"a":1}' }]);
    expect(reader.push(bytesOf('\r\n--b\r\ncontent-length: 0\r\n\r\n'))).toMatchObject([{ body: '' }]);
    expect(reader.push(bytesOf('\r\n--b\r\n\r\n{}\r\n'))).toEqual([]);
    expect(reader.push(bytesOf('--b--'))).toMatchObject([{ body: '{}' }]);
  });

  test('once, also where a line end that was not counted follows it', () => {
    const reader = new MultipartReader('b', limit);
    expect(reader.push(bytesOf('--b\nContent-Length: 2\n\n{}'))).toHaveLength(1);
    expect(reader.push(bytesOf('\r\n\r\n'))).toEqual([]);
    expect(reader.push(bytesOf('--b--'))).toEqual([]);
    expect(reader.finished).toBe(true);
  });

  test('whole, whatever length it claims, where it comes along with its delimiter', () => {
    for (const length of ['0', '3', '9', '10', '11', '100000000', '-1', 'x', '9, 9']) {
      const stream = bytesOf(`--b\r\nContent-Length: ${length}\r\n\r\n"123\r\n678"\r\n--b--`);
      expect(tell(new MultipartReader('b', limit), [stream])).toMatchObject([{ body: '"123\r\n678"' }]);
    }
  });

  test('with its delimiter, where more than it claimed comes along without one', () => {
    const reader = new MultipartReader('b', limit);
    expect(reader.push(bytesOf('--b\nContent-Length: 3\n\n{"a":'))).toEqual([]);
    expect(reader.push(bytesOf('1}\n--b'))).toMatchObject([{ body: '{"a":1}' }]);
  });

  test('and the stream is at fault where a part was longer than it claimed', () => {
    const reader = new MultipartReader('b', limit);
    expect(reader.push(bytesOf('--b\nContent-Length: 3\n\n{"a'))).toMatchObject([{ type: 'part' }]);
    expect(reader.push(bytesOf('":1}\n--b--'))).toEqual([
      { type: 'fault', reason: 'a part goes on after the 3 bytes of its content-length' },
    ]);
    expect(reader.push(bytesOf('\n--b\n\n{}\n--b--'))).toEqual([]);
    expect(reader.finished).toBe(false);
  });
});

describe('what is too large', () => {
  const reader = () => new MultipartReader('b', 20);

  test('is a body beyond the limit', () => {
    const streamOf = (size: number) => bytesOf(`--b\r\n\r\n${'x'.repeat(size)}\r\n--b--`);
    expect(tell(reader(), [streamOf(20)])).toMatchObject([{ type: 'part', bytes: 20 }]);
    expect(tell(reader(), oneByteEach(streamOf(20)))).toMatchObject([{ type: 'part', bytes: 20 }]);
    expect(tell(reader(), [streamOf(21)])).toEqual([{ type: 'too-large', bytes: 21 }]);
    expect(tell(reader(), oneByteEach(streamOf(21)))).toEqual([{ type: 'too-large', bytes: 21 }]);
  });

  test('is noticed without its end, also as lines, and nothing comes after it', () => {
    for (const endless of ['x', '\n', '\r\n', '-', '\n--']) {
      const bounded = reader();
      bounded.push(bytesOf('--b\r\n\r\n'));
      expect(tell(bounded, repeat(30, bytesOf(endless)))).toMatchObject([{ type: 'too-large' }]);
      expect(bounded.push(bytesOf('\r\n--b\r\n\r\n{}\r\n--b--'))).toEqual([]);
    }
  });

  test('is not what is small, however much of it comes', () => {
    expect(tell(reader(), repeat(1000, bytesOf('--b\r\n\r\n{}\r\n')))).toHaveLength(999);
  });
});

interface Parts {
  readonly boundary: string;
  readonly bodies: readonly string[];
  readonly stream: Uint8Array;
}

const anyBoundary = fc.oneof(
  fc.constantFrom('-', '--', 'graphql', 'b', 'a b', '=_"€'),
  fc.stringMatching(/^[\w'()+,\-./:=?]{1,12}$/),
);

/** Streams that follow the rules: no body has the delimiter in it. */
const anyParts: fc.Arbitrary<Parts> = fc
  .record({
    boundary: anyBoundary,
    texts: fc.array(
      fc.tuple(anyText, anyLineEnd, fc.constantFrom('', ' ', '\t '), fc.constantFrom('none', 'right', 'more')),
      { maxLength: 5 },
    ),
    preamble: anyText,
    end: fc.constantFrom('', '--', '--\r\n', '--epilogue'),
  })
  .filter(({ boundary, texts }) => texts.every(([text]) => !`\n${text}`.includes(`\n--${boundary}`)))
  .filter(({ boundary, preamble }) => !`\n${preamble}\n`.includes(`\n--${boundary}`))
  .map(({ boundary, texts, preamble, end }) => {
    const pieces = texts.map(([text, lineEnd, padding, claim]) => {
      const length = bytesOf(text).length + (claim === 'more' ? 2 : 0);
      const header = claim === 'none' ? '' : `Content-Length: ${length}${lineEnd}`;
      return `${padding}${lineEnd}${header}${lineEnd}${text}${lineEnd}--${boundary}`;
    });
    // A body that ends in CR would lend it to a bare LF.
    const bodies = texts.map(([text, lineEnd]) =>
      (lineEnd === '\n' ? text.replace(/\r$/, '') : text).replace(/^\ufeff/, ''),
    );
    return { boundary, bodies, stream: bytesOf(preamble, `\r\n--${boundary}`, ...pieces, end) };
  });

/** Pieces of streams, in any order. */
const anyRubbish = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        '--b',
        '--b--',
        '\r\n',
        '\n',
        '\r',
        '\r\n--b\r\n',
        '\n\n',
        '{}',
        'X: 1',
        'content-length: 2',
        ' ',
        '-',
        '€',
      ),
      { maxLength: 25 },
    )
    .map((pieces) => bytesOf(...pieces)),
);

describe('any stream', () => {
  test('gives back the parts that were written into it, however it is cut', () => {
    fc.assert(
      fc.property(anyParts, anyCuts, ({ boundary, bodies, stream }, cuts) => {
        const expected = bodies.map((body) => ({ type: 'part', body }));
        const reader = new MultipartReader(boundary, limit);
        expect(tell(reader, cut(stream, cuts))).toMatchObject(expected);
        const whole = new MultipartReader(boundary, limit);
        expect(tell(whole, [stream])).toMatchObject(expected);
        expect(tell(new MultipartReader(boundary, limit), oneByteEach(stream))).toMatchObject(expected);
        expect(reader.finished).toBe(whole.finished);
      }),
      { numRuns: 400 },
    );
  });

  test('gives the same items however it is cut, where no length is claimed wrongly', () => {
    fc.assert(
      fc.property(anyRubbish, anyCuts, fc.constantFrom(5, limit), (stream, cuts, max) => {
        const claims = new TextDecoder('latin1').decode(stream).includes('content-length');
        const items = tell(new MultipartReader('b', max), cut(stream, cuts));
        if (claims) return;
        // The bytes of a fault are those that had come by then.
        const comparable = (all: MultipartItem[]) => all.map((item) => (item.type === 'too-large' ? item.type : item));
        expect(comparable(items)).toEqual(comparable(tell(new MultipartReader('b', max), [stream])));
      }),
      { numRuns: 500 },
    );
  });
});
