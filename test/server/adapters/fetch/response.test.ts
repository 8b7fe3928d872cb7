// Answers and requests of a fetch-style runtime, without a server: what is taken, what waits, and who goes away.
import { expect, test } from 'vitest';
import { FetchExchange } from '../../../../src/server/adapters/fetch/exchange.js';
import { toResponse } from '../../../../src/server/adapters/fetch/response.js';
import type { BodyStream, BodyText, BodyWriter } from '../../../../src/server/http/plain.js';

function exchangeOf(init: RequestInit & { readonly duplex?: 'half' } = {}): FetchExchange {
  return new FetchExchange(new Request('http://localhost/graphql?a=1', init), {});
}

interface TestStream extends BodyStream {
  readonly writer: BodyWriter;
  readonly told: string[];
}

function streamOf(): TestStream {
  let writer: BodyWriter | undefined;
  const told: string[] = [];
  return {
    told,
    get writer() {
      if (writer === undefined) throw new Error('It was not started');
      return writer;
    },
    start(given) {
      writer = given;
      return { flushed: () => told.push('flushed'), closed: () => told.push('closed') };
    },
  };
}

function opened(exchange: FetchExchange): { stream: TestStream; body: ReadableStreamDefaultReader<Uint8Array> } {
  const stream = streamOf();
  const response = toResponse({ status: 200, headers: {}, body: stream }, exchange);
  if (response.body === null) throw new Error('It has no body');
  return { stream, body: response.body.getReader() };
}

const read = async (body: ReadableStreamDefaultReader<Uint8Array>): Promise<string> => {
  const { done, value } = await body.read();
  return done ? 'end' : new TextDecoder().decode(value);
};

test('a complete answer says how long it is in bytes', async () => {
  const response = toResponse({ status: 422, headers: { 'X-A': 'b' }, body: 'ä' }, exchangeOf());
  expect([response.status, response.headers.get('x-a'), response.headers.get('content-length')]).toEqual([
    422,
    'b',
    '2',
  ]);
  expect(await response.text()).toBe('ä');
});

test('an answer without content has no body', () => {
  const response = toResponse({ status: 204, headers: {}, body: '' }, exchangeOf());
  expect([response.status, response.body, response.headers.has('content-length')]).toEqual([204, null, false]);
});

test('counts what waits to be taken in bytes, and tells when some of it was', async () => {
  const { stream, body } = opened(exchangeOf());
  stream.writer.write('ä'.repeat(1_000));
  stream.writer.write('b');
  expect(stream.writer.backlog).toBe(2_001);
  stream.told.length = 0;
  expect(await read(body)).toBe('ä'.repeat(1_000));
  expect(stream.writer.backlog).toBe(1);
  expect(stream.told).toEqual(['flushed']);
});

test('its end comes after all that was written, and nothing can be written after it', async () => {
  const { stream, body } = opened(exchangeOf());
  stream.writer.write('a');
  stream.writer.end();
  stream.writer.write('b');
  stream.writer.end();
  expect(stream.told).not.toContain('closed');
  expect([await read(body), await read(body)]).toEqual(['a', 'end']);
  expect(stream.told.filter((one) => one === 'closed')).toEqual(['closed']);
  expect(stream.writer.backlog).toBe(0);
});

test('an answer that has ended and is not taken can still be cut', async () => {
  const exchange = exchangeOf();
  const { stream, body } = opened(exchange);
  stream.writer.write('a');
  stream.writer.end();
  stream.writer.cut();
  expect(stream.told).toContain('closed');
  await expect(body.read()).rejects.toThrow();
});

test('an answer that ends when all of it was taken is over at once', () => {
  const exchange = exchangeOf();
  const { stream } = opened(exchange);
  stream.writer.end();
  expect(stream.told).toContain('closed');
  expect(exchange.aborted).toBe(false);
});

test('a client that cancels aborts the request, once', async () => {
  const exchange = exchangeOf();
  const { stream, body } = opened(exchange);
  await body.cancel();
  expect(exchange.aborted).toBe(true);
  expect(exchange.signal.aborted).toBe(true);
  stream.writer.write('a');
  stream.writer.cut();
  expect(stream.told.filter((one) => one === 'closed')).toEqual(['closed']);
});

test('so does one whose request is aborted, and its answer ends as none that is complete', async () => {
  const client = new AbortController();
  const exchange = exchangeOf({ signal: client.signal });
  const { stream, body } = opened(exchange);
  client.abort();
  expect(exchange.signal.aborted).toBe(true);
  expect(stream.told).toContain('closed');
  await expect(body.read()).rejects.toThrow('The client went away');
});

test('a stream whose client has gone before is started and closed', async () => {
  const exchange = exchangeOf({ signal: AbortSignal.abort() });
  const { stream } = opened(exchange);
  expect(stream.told).toEqual(['closed']);
});

test('a stream that cuts itself off while it starts is closed too', async () => {
  const told: string[] = [];
  const body: BodyStream = {
    start(writer) {
      writer.cut();
      return { flushed() {}, closed: () => told.push('closed') };
    },
  };
  const response = toResponse({ status: 200, headers: {}, body }, exchangeOf());
  await expect(response.text()).rejects.toThrow();
  expect(told).toEqual(['closed']);
});

test('what becomes of a request after its answer concerns nobody', () => {
  const client = new AbortController();
  const exchange = exchangeOf({ signal: client.signal });
  expect(exchange.signal.aborted).toBe(false);
  toResponse({ status: 200, headers: {}, body: '' }, exchange);
  client.abort();
  expect([exchange.aborted, exchange.signal.aborted]).toEqual([false, false]);
});

const bodyOf = (...chunks: string[]): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
      controller.close();
    },
  });
const posted = (body: ReadableStream<Uint8Array>): FetchExchange =>
  exchangeOf({ method: 'POST', body, duplex: 'half', headers: { 'X-Name': 'value' } });
const textOf = (exchange: FetchExchange, limitBytes: number): Promise<BodyText> =>
  new Promise((resolve) => exchange.readText(limitBytes, resolve));

test('a request has its path and query, its headers in lower case, and its body as text', async () => {
  const bytes = new TextEncoder().encode('ä');
  const split = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes.subarray(0, 1));
      controller.enqueue(bytes.subarray(1));
      controller.close();
    },
  });
  const exchange = posted(split);
  expect([exchange.method, exchange.url, exchange.headers['x-name']]).toEqual(['POST', '/graphql?a=1', 'value']);
  expect(await textOf(exchange, 2)).toEqual({ text: 'ä' });
  expect(await textOf(exchangeOf(), 2)).toEqual({ text: '' });
});

test('a body past its limit is too large, and is read no further than a few times that', async () => {
  expect(await textOf(posted(bodyOf('abc', 'd')), 3)).toBe('too-large');
  let pulled = 0;
  const endless = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(10));
      },
    },
    { highWaterMark: 0 },
  );
  expect(await textOf(posted(endless), 10)).toBe('too-large');
  expect(pulled).toBeLessThan(10);
});

test('of a body whose client goes away there is nothing', async () => {
  const broken = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.error(new Error('aborted'));
    },
  });
  expect(await textOf(posted(broken), 10)).toBe('gone');
});

test('a body that is not wanted is cancelled', async () => {
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    cancel() {
      cancelled = true;
    },
  });
  toResponse({ status: 413, headers: {}, body: '', dropsRequest: true }, posted(body));
  expect(cancelled).toBe(true);
});
