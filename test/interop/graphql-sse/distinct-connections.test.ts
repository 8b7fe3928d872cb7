// Sessions in distinct connections mode with the server of graphql-sse: a stream for each operation.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { OutcomeUnknownError } from '../../../src/index.js';
import { rejection } from '../../session/behaviour/support/waiting.js';
import { eventually } from '../../testing/eventually.js';
import { clients, sessionOver } from './support/clients.js';
import { startPeer } from './support/stream-peer.js';

const ticks = 'subscription { ticks(name: "a") }';

describe.for(clients)('%s', ([_name, client]) => {
  test('carries subscriptions where nothing else is asked for', async () => {
    const peer = await startPeer('graphql-sse');
    await using session = sessionOver(client(peer.url, { streams: ['sse'] }));
    const seen: unknown[] = [];
    for await (const event of session.subscribe('subscription { count(to: 3) }')) seen.push(event);
    expect(seen).toMatchObject([{ data: { count: 1 } }, { data: { count: 2 } }, { data: { count: 3 } }]);
    expect(peer.methods).toEqual(['POST']);
  });

  test('carries queries and mutations as well where the program names the type of their answer', async () => {
    const peer = await startPeer('graphql-sse');
    const transport = client(peer.url, { streams: ['sse'], headers: { accept: 'text/event-stream' } });
    await using session = sessionOver(transport);
    expect(await session.execute('{ hello }')).toEqual({ hello: 'Hello world' });
    expect(await session.execute('mutation { add(amount: 2) }')).toEqual({ add: 2 });
    expect(await session.result('{ nothing }')).toMatchObject({
      errors: [{ message: expect.stringMatching(/nothing/) }],
    });
  });

  test('leaves a subscription by ending its stream', async () => {
    const peer = await startPeer('graphql-sse');
    await using session = sessionOver(client(peer.url, { streams: ['sse'] }));
    const events = session.subscribe(ticks)[Symbol.asyncIterator]();
    const first = events.next();
    await eventually(() => peer.running.size, 1);
    peer.tick(1);
    expect(await first).toMatchObject({ value: { data: { ticks: 1 } } });
    await events.return?.();
    await eventually(() => peer.running.size, 0);
    await eventually(() => peer.streams.size, 0);
  });

  test.for(['broken off', 'ended'] as const)(
    'takes a stream that is %s for an interruption, never for an end',
    async (how) => {
      const peer = await startPeer('graphql-sse');
      await using session = sessionOver(client(peer.url, { streams: ['sse'] }));
      const seen: string[] = [];
      const read = async (): Promise<void> => {
        for await (const event of session.subscribe<{ ticks: number }>(ticks)) {
          seen.push(event.type === 'data' ? String(event.data.ticks) : event.type);
        }
        seen.push('end');
      };
      void read();
      await eventually(() => peer.running.size, 1);
      peer.tick(1);
      await eventually(() => seen, ['1']);
      peer.cutStreams(how);
      await eventually(() => seen, ['1', 'gap']);
      await eventually(() => [peer.streamsSoFar, peer.running.size], [2, 1]);
      peer.tick(2);
      await eventually(() => seen, ['1', 'gap', '2']);
    },
  );

  test('never repeats a mutation whose stream is cut', async () => {
    const peer = await startPeer('graphql-sse');
    const transport = client(peer.url, { streams: ['sse'], headers: { accept: 'text/event-stream' } });
    await using session = sessionOver(transport);
    const outcome = rejection(session.execute('mutation { addSlowly(amount: 1, gate: "g") }'));
    await eventually(() => peer.isWaiting('g'), true);
    peer.cutStreams('broken off');
    expect(await outcome).toBeInstanceOf(OutcomeUnknownError);
    peer.open('g');
    expect(peer.mutations).toBe(1);
  });

  test.for<readonly [string, string, readonly string[]]>([
    ['complete', 'event: complete\ndata:\n\n', ['1', 'end']],
    ['cut', '', ['1', 'gap']],
  ])('sees a stream that is %s in the moment of its last event for what it is', async ([_how, farewell, told]) => {
    const event = `event: next\ndata: {"data":{"ticks":1}}\n\n${farewell}`;
    let asked = 0;
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      asked += 1;
      // Headers, event and end leave in one piece, the first time.
      if (asked === 1) response.end(event);
      else response.flushHeaders();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
    await using session = sessionOver(client(url));
    const seen: string[] = [];
    const read = async (): Promise<void> => {
      for await (const event of session.subscribe<{ ticks: number }>(ticks)) {
        seen.push(event.type === 'data' ? String(event.data.ticks) : event.type);
      }
      seen.push('end');
    };
    void read();
    await eventually(() => seen, told);
  });
});
