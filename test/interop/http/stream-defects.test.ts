// What other clients get wrong about streams over HTTP, and ours must not: streams that are cut off, either format of answers
// in parts, and the finer points of server-sent events. Their way comes first where it is cheap to show.

import type { ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Session } from '../../../src/session/session.js';
import { executorHttp, json, scripted, urqlClient } from './support/scripted.js';
import { open, ways } from './support/ways.js';

const overHttp = ways.slice(0, 2);

const events = { 'content-type': 'text/event-stream; charset=utf-8' };
const parts = { 'content-type': 'multipart/mixed; boundary="-"' };

function part(body: object): string {
  return `\r\n---\r\ncontent-type: application/json; charset=utf-8\r\n\r\n${JSON.stringify(body)}`;
}

function event(body: object): string {
  return `event: next\ndata: ${JSON.stringify(body)}\n\n`;
}

/** The events of a subscription until its end, or until there are so many: data, or the reason of a gap. */
async function eventsOf(session: Session, count = Number.POSITIVE_INFINITY): Promise<unknown[]> {
  const told: unknown[] = [];
  for await (const one of session.subscribe('subscription { n }')) {
    if (one.type !== 'snapshot') told.push(one.type === 'gap' ? one.gap.reason : one.data);
    if (told.length === count) break;
  }
  return told;
}

/** In pieces, each in a turn of its own, so that they come as they are cut. */
async function write(response: ServerResponse, pieces: Iterable<string | Uint8Array>): Promise<void> {
  for (const piece of pieces) {
    response.write(piece);
    await turn();
    await turn();
  }
}

/** By name: the headers, how an event or part is written, what it is complete with, and the last word. */
const streams = [
  ['server-sent events', events, event, '', 'event: complete\ndata:\n\n'],
  ['multipart', parts, part, '\r\n---\r\n', '\r\n-----\r\n'],
] as const;

describe.each(overHttp)('over %s', (_name, way) => {
  describe.each(streams)('a stream of %s', (_form, headers, next, whole, end) => {
    test.each(['ends without its last word', 'is cut off'])(
      'that %s is broken, and starts again with a gap',
      async (how) => {
        const server = await scripted((response, number) => {
          response.writeHead(200, headers);
          if (number > 1) response.end(next({ data: { n: 2 } }) + end);
          else if (how === 'is cut off')
            response.write(next({ data: { n: 1 } }) + next({ data: {} }).slice(0, 9), () => response.destroy());
          else response.end(next({ data: { n: 1 } }) + whole);
        });
        expect(await eventsOf(open(way(server.url)))).toEqual([{ n: 1 }, 'connection-lost', { n: 2 }]);
        expect(server.received).toHaveLength(2);
      },
    );

    test('that ends in one piece with its only event ends all the same', async () => {
      const server = await scripted((response) => response.writeHead(200, headers).end(next({ data: { n: 1 } }) + end));
      expect(await eventsOf(open(way(server.url)))).toEqual([{ n: 1 }]);
      expect(server.received).toHaveLength(1);
    });

    test('that ends in the middle of an answer is no answer: a query is asked again, of a mutation nobody knows', async () => {
      const first = { data: { a: 1 }, pending: [{ id: '0', path: [] }], hasNext: true };
      const server = await scripted((response, _number, { body }) => {
        const isAgain = server.received.filter(({ body: { query } }) => query === body.query).length > 1;
        if (isAgain) json(response, { data: { a: 1, b: 2 } });
        else response.writeHead(200, headers).end(next(first));
      });
      const session = open(way(server.url));
      const document = '{ a ... @defer { b } }';
      expect(await session.execute(document)).toEqual({ a: 1, b: 2 });
      const outcome = await session.execute(`mutation ${document}`).catch((error: unknown) => error);
      expect(outcome).toMatchObject({ code: 'outcome-unknown', delivery: 'unknown', attempts: 1 });
      expect(server.received).toHaveLength(3);
    });
  });

  describe('server-sent events', () => {
    test.each([
      ['LF', '\n'],
      ['CRLF', '\r\n'],
      ['CR', '\r'],
    ])('with lines that end with %s are read', async (_what, newline) => {
      const text = `:\n\n${event({ data: { n: 1 } })}${event({ data: { n: 2 } })}event: complete\ndata:\n\n`;
      const server = await scripted((response) => response.writeHead(200, events).end(text.replaceAll('\n', newline)));
      expect(await eventsOf(open(way(server.url)))).toEqual([{ n: 1 }, { n: 2 }]);
    });

    test('with data on several lines are read', async () => {
      const pretty = JSON.stringify({ data: { n: ['a', 'b'] } }, undefined, 2).replaceAll('\n', '\ndata: ');
      const server = await scripted((response) =>
        response.writeHead(200, events).end(`event: next\nid: 7\ndata: ${pretty}\n\nevent: complete\n\n`),
      );
      expect(await eventsOf(open(way(server.url)), 1)).toEqual([{ n: ['a', 'b'] }]);
    });

    test('with letters that are cut in the middle of their bytes are read', async () => {
      const text = 'Zoë pays 5 € to 木村 🦦';
      const server = await scripted(async (response) => {
        response.writeHead(200, events);
        const bytes = Buffer.from(`${event({ data: { n: text } })}event: complete\ndata:\n\n`);
        await write(
          response,
          Array.from(bytes, (byte) => Uint8Array.of(byte)),
        );
        response.end();
      });
      expect(await eventsOf(open(way(server.url)))).toEqual([{ n: text }]);
    });
  });

  describe.each(streams)('answers in parts as %s', (_form, headers, next, _whole, end) => {
    test.each(Object.entries(formats()))(
      'of the format %s are merged to exactly what the server has',
      async (_format, sent) => {
        const server = await scripted((response) => {
          response.writeHead(200, headers).end(sent.map(next).join('') + end);
        });
        const session = open(way(server.url));
        expect(await session.execute(document)).toEqual(merged);
        let last: unknown;
        for await (const { data } of session.stream(document)) last = data;
        expect(last).toEqual(merged);
      },
    );
  });
});

const document = `{
  list @stream(initialCount: 1)
  matrix @stream { row }
  book { title ... @defer(label: "price") { price { amount } } ... @defer(label: "reviews") { reviews { text } } }
}`;

const merged = {
  list: [1, 2, 3],
  matrix: [{ row: ['a'] }, { row: ['b', 'c'] }],
  book: { title: 'Dune', price: { amount: 5 }, reviews: [{ text: 'Long' }, { text: 'Good' }] },
};

/** The same answer in both formats, each with all that it has to say: paths into lists, an id with a subpath, empty parts. */
function formats(): Readonly<Record<string, readonly object[]>> {
  const data = { list: [1], matrix: [], book: { title: 'Dune' } };
  return {
    'of old': [
      { data, hasNext: true },
      { incremental: [{ items: [2], path: ['list', 1] }], hasNext: true },
      { hasNext: true },
      {
        incremental: [
          { items: [3], path: ['list', 2] },
          { items: [{ row: ['a'] }, { row: ['b', 'c'] }], path: ['matrix', 0] },
          { data: { price: { amount: 5 } }, path: ['book'], label: 'price' },
        ],
        hasNext: true,
      },
      {
        incremental: [{ data: { reviews: [{ text: 'Long' }, { text: 'Good' }] }, path: ['book'], label: 'reviews' }],
        hasNext: true,
      },
      { hasNext: false },
    ],
    'of now': [
      {
        data,
        pending: [
          { id: '0', path: ['list'] },
          { id: '1', path: ['matrix'] },
          { id: '2', path: ['book'], label: 'price' },
        ],
        hasNext: true,
      },
      { incremental: [{ id: '0', items: [2] }], hasNext: true },
      { hasNext: true },
      {
        pending: [{ id: '3', path: ['book'], label: 'reviews' }],
        incremental: [
          { id: '0', items: [3] },
          { id: '1', items: [{ row: ['a'] }, { row: ['b', 'c'] }] },
          { id: '2', data: { price: {} } },
          { id: '2', subPath: ['price'], data: { amount: 5 } },
        ],
        completed: [{ id: '0' }, { id: '1' }, { id: '2' }],
        hasNext: true,
      },
      {
        incremental: [{ id: '3', data: { reviews: [{ text: 'Long' }, { text: 'Good' }] } }],
        completed: [{ id: '3' }],
        hasNext: false,
      },
    ],
  };
}

describe('what these tests would notice', () => {
  const ofNow = formats()['of now'] ?? [];

  async function lastOfUrql(
    url: string,
  ): Promise<{ readonly data: unknown; readonly error: unknown; readonly hasNext: boolean }> {
    const client = urqlClient(url, { preferGetMethod: false });
    return new Promise((resolve) => {
      client.query(document, {}).subscribe((result) => {
        if (!result.hasNext) resolve(result as never);
      });
    });
  }

  async function allOf(results: unknown): Promise<unknown[]> {
    const all: unknown[] = [];
    for await (const result of (await results) as AsyncIterable<unknown>) all.push(structuredClone(result));
    return all;
  }

  test('urql takes an answer that is cut off for a whole one', async () => {
    const server = await scripted((response) =>
      response.writeHead(200, parts).end(`${part({ data: { list: [1] }, hasNext: true })}\r\n---\r\n`),
    );
    expect(await lastOfUrql(server.url)).toMatchObject({ data: { list: [1] }, error: undefined, hasNext: false });
  });

  test('urql puts streamed items in the wrong place', async () => {
    const server = await scripted((response) =>
      response.writeHead(200, parts).end(`${ofNow.map(part).join('')}\r\n-----\r\n`),
    );
    expect((await lastOfUrql(server.url)).data).not.toEqual(merged);
  });

  test('executor-http does not merge the format of now', async () => {
    const server = await scripted((response) =>
      response.writeHead(200, parts).end(`${ofNow.map(part).join('')}\r\n-----\r\n`),
    );
    const last = await allOf(executorHttp(server.url)({ query: document })).then(
      (all) => all.at(-1),
      (error: unknown) => ({ error }),
    );
    expect(last).not.toMatchObject({ data: merged });
  });

  test('executor-http takes a subscription that is cut off for one that ended', async () => {
    const server = await scripted((response) => response.writeHead(200, events).end(event({ data: { n: 1 } })));
    const call = executorHttp(server.url, { method: 'POST' });
    expect(await allOf(call({ query: 'subscription { n }' }))).toEqual([{ data: { n: 1 } }]);
  });

  test('executor-http has other letters than those that were sent', async () => {
    const bytes = Buffer.from(`${event({ data: { n: '€' } })}event: complete\ndata:\n\n`);
    // Handed over in pieces, since what is written in pieces may be read as one.
    const body = new ReadableStream({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const fetch = async () => new Response(body, { headers: events });
    const call = executorHttp('http://127.0.0.1:9/graphql', { method: 'POST', fetch } as object);
    expect(await allOf(call({ query: 'subscription { n }' }))).not.toEqual([{ data: { n: '€' } }]);
  });
});
