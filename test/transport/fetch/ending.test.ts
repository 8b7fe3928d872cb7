// How requests over fetch are given up: one by one in every phase, and all at once when their client ends.

import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import { isSettled, turns } from '../../session/behaviour/support/waiting.js';
import { eventually } from '../../testing/eventually.js';
import { ask, clientOf, send, Told } from './support/exchanges.js';
import { serve } from './support/servers.js';

describe('a request that is cancelled', () => {
  test('while it is announced is not sent', async () => {
    let asked = 0;
    const fetch = async (): Promise<Response> => {
      asked += 1;
      return new Response('');
    };
    class Cancelling extends Told {
      override sending(): void {
        super.sending();
        client.destroy();
      }
    }
    const client = clientOf('http://example.com', { fetch });
    const { told } = send(client, {}, new Cancelling());
    await turns(5);
    expect(told.order).toEqual(['sending']);
    expect(asked).toBe(0);
  });

  test('before the answer is taken from the server', async () => {
    let [asked, gone] = [0, 0];
    const { origin } = await serve((_request, response) => {
      asked += 1;
      response.on('close', () => {
        gone += 1;
      });
    });
    const { told, exchange } = send(clientOf(origin));
    await eventually(() => asked, 1);
    exchange.cancel();
    exchange.cancel();
    await eventually(() => gone, 1);
    await turns(5);
    expect(told.order).toEqual(['sending']);
  });

  test.for(['head', 'chunk'] as const)('at the first %s is taken from the server', async (name) => {
    let gone = 0;
    const { origin } = await serve((_request, response) => {
      response.on('close', () => {
        gone += 1;
      });
      response.write('first');
    });
    const { told, exchange } = send(clientOf(origin));
    await told.first(name);
    exchange.cancel();
    const { length } = told.order;
    await eventually(() => gone, 1);
    await turns(5);
    expect(told.order).toHaveLength(length);
  });

  test('from within what is told of it hears nothing more', async () => {
    const { origin } = await serve((_request, response) => response.end('all'));
    for (const name of ['head', 'chunk'] as const) {
      class Cancelling extends Told {
        override head(head: Parameters<Told['head']>[0]): void {
          super.head(head);
          if (name === 'head') asked.exchange.cancel();
        }

        override chunk(bytes: Uint8Array): void {
          super.chunk(bytes);
          asked.exchange.cancel();
        }
      }
      const asked = send(clientOf(origin), {}, new Cancelling());
      await asked.told.first(name);
      await turns(20);
      expect(asked.told.order.at(-1)).toBe(name);
    }
  });

  test('while it is paused is taken from the server', async () => {
    let gone = 0;
    const { origin } = await serve((_request, response) => {
      response.on('close', () => {
        gone += 1;
      });
      response.write('first');
      told.first('chunk').then(() => response.write('second'));
    });
    const { told, exchange } = send(clientOf(origin));
    await told.first('chunk');
    exchange.flow?.pause();
    exchange.cancel();
    exchange.flow?.resume();
    await eventually(() => gone, 1);
    expect(told.order).toEqual(['sending', 'head', 'chunk']);
  });

  test('after its end stays ended', async () => {
    const { origin } = await serve((_request, response) => response.end());
    const { told, exchange } = send(clientOf(origin));
    await told.over;
    exchange.cancel();
    exchange.flow?.pause();
    await turns(5);
    expect(told.order).toEqual(['sending', 'head', 'end']);
  });

  test('has its body released where an injected fetch answers all the same', async () => {
    let released = 0;
    let answer = (_response: Response): void => {};
    const fetch = (): Promise<Response> =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const { told, exchange } = send(clientOf('http://example.com', { fetch }));
    exchange.cancel();
    const body = new ReadableStream<Uint8Array>({
      cancel() {
        released += 1;
      },
    });
    answer(new Response(body));
    await eventually(() => released, 1);
    expect(told.order).toEqual(['sending']);
  });

  test('has its body released, and hears of no end, where an injected fetch knows no signals', async () => {
    let released = 0;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new Uint8Array(1));
      },
      cancel() {
        released += 1;
      },
    });
    const fetch = async (): Promise<Response> => new Response(body);
    const { told, exchange } = send(clientOf('http://example.com', { fetch }));
    await told.first('chunk');
    await turns(2);
    exchange.cancel();
    await eventually(() => released, 1);
    await turns(2);
    expect(told.order).toEqual(['sending', 'head', 'chunk']);
  });

  test('hears nothing of a refusal that was on its way', async () => {
    const { told, exchange } = send(clientOf('http://example.com'), { headers: { 'x y': '' } });
    exchange.cancel();
    await turns(5);
    expect(told.order).toEqual([]);
  });
});

describe('a client that closes', () => {
  /** Two requests that the server answers when the test says so. */
  async function started(clock: VirtualClock) {
    // By the number of the request: each has a connection of its own, and the second may be there first.
    const answers: ServerResponse[] = [];
    let [came, gone] = [0, 0];
    const { origin } = await serve((request, response) => {
      answers[Number(request.url?.slice(1))] = response;
      came += 1;
      response.on('close', () => {
        gone += response.writableFinished ? 0 : 1;
      });
    });
    const client = clientOf(origin, { clock });
    const asked = [send(client, { path: '/0' }), send(client, { path: '/1' })];
    await eventually(() => came, 2);
    return { client, answers, told: asked.map(({ told }) => told), gone: () => gone };
  }

  test('lets what runs finish, and then is closed', async () => {
    const clock = new VirtualClock();
    const { client, answers, told } = await started(clock);
    const closed = client.close(1_000);
    answers[0]?.end('one');
    await told[0]?.over;
    expect(await isSettled(closed)).toBe(false);
    answers[1]?.end('two');
    await closed;
    await Promise.all(told.map(({ over }) => over));
    expect(told.map(({ bytes }) => bytes.toString())).toEqual(['one', 'two']);
    expect(clock.pending).toBe(0);
  });

  test('takes nothing new: it fails without being sent', async () => {
    const { client } = await started(new VirtualClock());
    void client.close(1_000);
    const told = await ask(client);
    expect(told.order).toEqual(['failed']);
    expect(told.failure).toMatchObject({ code: 'aborted', delivery: 'not-sent' });
  });

  test('gives up what still runs when its grace ends, and tells nothing of it', async () => {
    const clock = new VirtualClock();
    const { client, told, gone } = await started(clock);
    const closed = client.close(1_000);
    await clock.advance(999);
    expect(await isSettled(closed)).toBe(false);
    await clock.advance(1);
    await closed;
    await eventually(gone, 2);
    expect(told.map(({ order }) => order)).toEqual([['sending'], ['sending']]);
  });

  test('is closed at once where nothing runs, and closing again is the same', async () => {
    const clock = new VirtualClock();
    const client = clientOf('http://example.com', { clock });
    await client.close(1_000);
    await client.close(1_000);
    expect(clock.pending).toBe(0);
  });

  test('by force gives up everything at once', async () => {
    const clock = new VirtualClock();
    const { client, told, gone } = await started(clock);
    const closed = client.close(1_000);
    client.destroy();
    await closed;
    await eventually(gone, 2);
    expect(told.map(({ order }) => order)).toEqual([['sending'], ['sending']]);
    expect(clock.pending).toBe(0);
  });

  test('by force takes nothing new either', async () => {
    const client = clientOf('http://example.com');
    client.destroy();
    expect((await ask(client)).failure).toMatchObject({ code: 'aborted', delivery: 'not-sent' });
  });
});
