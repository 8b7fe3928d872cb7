// Bodies in parts over fetch: of known length where everything is there, as a stream where a part is read while it is sent.

import { describe, expect, test, vi } from 'vitest';
import type { HttpBody } from '../../../src/transport/http/exchange.js';
import { turns } from '../../session/behaviour/support/waiting.js';
import { eventually } from '../../testing/eventually.js';
import { ask, clientOf, send } from './support/exchanges.js';
import { deadOrigin, serve } from './support/servers.js';

const bytes = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text));

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array, void, undefined> {
  for (const text of texts) yield bytes(text);
}

function bodyOf(...parts: HttpBody['parts']): HttpBody {
  return { parts, length: undefined };
}

/** Answers with what it was sent. */
async function echo() {
  const asked: { length: string | undefined; encoding: string | undefined; type: string | undefined }[] = [];
  const { origin } = await serve((request, response) => {
    const { 'content-length': length, 'transfer-encoding': encoding, 'content-type': type } = request.headers;
    asked.push({ length, encoding, type });
    request.pipe(response);
  });
  return { asked, client: clientOf(origin) };
}

describe('a body', () => {
  test('of bytes and blobs is sent in order, with its length and with no type of its own', async () => {
    const { asked, client } = await echo();
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    const blob = new Blob(['€'], { type: 'text/plain' });
    for (const parts of [[bytes('a'), blob, bytes('b')], [bytes('abc')], [blob]]) {
      const told = await ask(client, { headers, body: bodyOf(...parts) });
      const expected = Buffer.concat(
        await Promise.all(parts.map(async (part) => new Uint8Array(await new Response(part).arrayBuffer()))),
      );
      expect(told.bytes.toString()).toBe(expected.toString());
      expect(asked.at(-1)).toEqual({
        length: String(expected.length),
        encoding: undefined,
        type: headers['content-type'],
      });
    }
  });

  test('with a source is streamed, in order, and the source is opened anew for each request', async () => {
    const { asked, client } = await echo();
    const source = vi.fn(() => pieces('two', 'three'));
    const body = bodyOf(bytes('one'), source, new Blob(['four']));
    for (const count of [1, 2]) {
      const told = await ask(client, { body });
      expect(told.bytes.toString()).toBe('onetwothreefour');
      expect(asked.at(-1)).toMatchObject({ length: undefined, encoding: 'chunked' });
      expect(source).toHaveBeenCalledTimes(count);
    }
  });

  test('with a source is sent with its length where that is known', async () => {
    const { asked, client } = await echo();
    const told = await ask(client, { body: { parts: [bytes('one'), () => pieces('two')], length: 6 } });
    expect(told.bytes.toString()).toBe('onetwo');
    expect(asked).toMatchObject([{ length: '6', encoding: undefined }]);
  });

  test('whose source fails is given up: the failure names it, and the server never has the whole', async () => {
    let [began, whole] = [0, 0];
    const { origin } = await serve(async (request, response) => {
      began += 1;
      try {
        for await (const _chunk of request);
        whole += 1;
        response.end();
      } catch {
        // It was cut off.
      }
    });
    // What a source of the program's own reports is no proof about our request.
    const error = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const source = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
      yield bytes('a part');
      await vi.waitUntil(() => began === 1, { timeout: 20_000 });
      throw error;
    };
    const told = await ask(clientOf(origin), { body: bodyOf(source) });
    expect(told.order).toEqual(['sending', 'failed']);
    expect(told.failure).toMatchObject({
      code: 'aborted',
      cause: error,
      message: expect.stringContaining('a source of the body failed'),
    });
    expect(told.failure).not.toHaveProperty('delivery');
    expect(whole).toBe(0);
  });

  test('that nobody came to read has its source released', async () => {
    let [opened, released] = [0, 0];
    const source = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
      opened += 1;
      try {
        yield bytes('one');
        yield bytes('two');
      } finally {
        released += 1;
      }
    };
    const told = await ask(clientOf(deadOrigin), { body: bodyOf(source) });
    expect(told.failure).toMatchObject({ code: 'network', delivery: 'not-sent' });
    await eventually(() => released, opened);
  });

  test('that is given up in the middle is cut off for the server', async () => {
    let [whole, cut] = [0, 0];
    const { origin } = await serve((request) => {
      request.on('end', () => {
        whole += 1;
      });
      request.on('error', () => {
        cut += 1;
      });
      request.once('data', () => exchange.cancel());
    });
    const source = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
      yield bytes('a part');
      await new Promise(() => {});
    };
    const { exchange } = send(clientOf(origin), { body: bodyOf(source) });
    await eventually(() => cut, 1);
    expect(whole).toBe(0);
  });

  test('that is given up in the middle never looks whole, also to an injected fetch that goes on sending', async () => {
    let sent: ReadableStream<Uint8Array> | undefined;
    const fetch: typeof globalThis.fetch = (_url, init) => {
      sent = init?.body as ReadableStream<Uint8Array>;
      return new Promise(() => {});
    };
    const client = clientOf('http://example.com', { fetch });
    const { exchange } = send(client, { body: bodyOf(() => pieces('a part', 'the rest')) });
    const reader = sent!.getReader();
    expect(await reader.read()).toMatchObject({ done: false });
    exchange.cancel();
    await expect(reader.read()).rejects.toThrow('given up');
  });

  test('that is cancelled while it is sent has its source released', async () => {
    const { origin } = await serve((request) => request.resume());
    let [given, released] = [0, false];
    const source = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
      try {
        for (;;) {
          given += 1;
          yield bytes('more');
          await new Promise((resolve) => setImmediate(resolve));
        }
      } finally {
        released = true;
      }
    };
    const { told, exchange } = send(clientOf(origin), { body: bodyOf(source) });
    await eventually(() => given > 2, true);
    exchange.cancel();
    await eventually(() => released, true);
    expect(told.order).toEqual(['sending']);
  });

  test('with a source is refused, unsent, where the platform looks at no "duplex"', async () => {
    class OlderRequest {
      readonly headers = new Headers();
    }
    vi.stubGlobal('Request', OlderRequest);
    try {
      const source = vi.fn(() => pieces('never'));
      const { told } = send(clientOf('http://example.com'), { body: bodyOf(source) });
      expect(told.order).toEqual([]);
      await told.over;
      expect(told.order).toEqual(['failed']);
      expect(told.failure).toMatchObject({
        code: 'bad-option',
        delivery: 'not-sent',
        message: expect.stringContaining('Read it into a Blob first'),
      });
      await turns(2);
      expect(source).not.toHaveBeenCalled();
    } finally {
      vi.unstubAllGlobals();
    }
  });
});
