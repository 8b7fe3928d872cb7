import { describe, expect, test } from 'vitest';
import { type DisconnectContext, FinaliseTimeoutError, HookTimeoutError } from '../../src/server/index.js';
import { RawClient } from './support/client.js';
import { failsOnEscapedErrors } from './support/escaped.js';
import { ManualTimers } from './support/manual-timers.js';
import { nothing, startServer, until } from './support/serving.js';

const subscribe = (id: string, query: string) => ({ type: 'subscribe', id, payload: { query } });

// Nothing that happens in these tests may get away.
failsOnEscapedErrors();

describe('when the client goes', () => {
  test.each([
    ['graphql-transport-ws', 'subscribe'],
    ['graphql-ws', 'start'],
  ] as const)(
    '%s: a cut finalises its three subscriptions, is reported once, and logs nothing',
    async (protocol, type) => {
      const endings: DisconnectContext[] = [];
      await using t = await startServer({ onDisconnect: (ending) => void endings.push(ending) });
      const client = await RawClient.accepted(t.ws, protocol);
      for (const name of ['a', 'b', 'c']) {
        client.send({ type, id: name, payload: { query: `subscription { forever(name: "${name}") }` } });
        await client.next();
      }
      client.cut();
      await until(() => t.probe.finalised.length === 3 && endings.length === 1);
      expect(endings[0]).toMatchObject({ code: 1006, clean: false, operations: 3 });
      expect(t.server.stats()).toMatchObject({ ...nothing, failedSockets: 0 });
      expect(t.failures).toEqual([]);
    },
  );

  test('a clean close is reported with its code and reason', async () => {
    const endings: DisconnectContext[] = [];
    await using t = await startServer({
      onConnect: ({ connection }) => {
        connection.user = 'me';
      },
      onDisconnect: (ending) => void endings.push(ending),
    });
    const client = await RawClient.accepted(t.ws);
    client.ws.close(3001, 'done');
    await until(() => endings.length === 1);
    expect(endings).toEqual([
      { code: 3001, reason: 'done', clean: true, error: undefined, operations: 0, connection: { user: 'me' } },
    ]);
  });

  test('a source that hangs for ever is told by its signal, and let go when its time is over', async () => {
    const timers = new ManualTimers();
    await using t = await startServer({ finaliseTimeoutMs: 500, keepAliveMs: 0 }, { timers });
    const client = await RawClient.accepted(t.ws);
    client.send(subscribe('1', 'subscription { stuck(name: "s") }'));
    await client.next('next');
    client.cut();
    await until(() => t.server.stats().connections === 0);
    expect(t.probe.finalised).toEqual(['s aborted']);
    expect(t.server.stats()).toMatchObject({ operations: 0, sources: 1 });
    timers.advance(500);
    await until(() => t.server.stats().sources === 0);
    expect(t.failures.map(({ source }) => source)).toEqual(['source']);
    expect(t.failures[0]?.error).toBeInstanceOf(FinaliseTimeoutError);
  });

  test('a source that cannot be closed is reported and nothing else', async () => {
    await using t = await startServer();
    const client = await RawClient.accepted(t.ws);
    client.send(subscribe('1', 'subscription { badReturn }'));
    await until(() => t.server.stats().sources === 1);
    client.send({ type: 'complete', id: '1' });
    await until(() => t.server.stats().sources === 0);
    expect(await client.settled()).toEqual([]);
    expect(t.failures).toEqual([{ error: new Error('Cannot close'), source: 'source' }]);
  });

  test('two hundred times connect, subscribe and leave in every way: everything returns to zero', async () => {
    let disconnects = 0;
    await using t = await startServer({
      onDisconnect: () => {
        disconnects += 1;
      },
    });
    for (let i = 0; i < 200; i++) {
      const legacy = i % 2 === 0;
      const client = await RawClient.accepted(t.ws, legacy ? 'graphql-ws' : 'graphql-transport-ws');
      const query = ['forever(name: "f")', 'gated(gate: "never opened")', 'late(gate: "late")'][i % 3];
      client.send({ type: legacy ? 'start' : 'subscribe', id: '1', payload: { query: `subscription { ${query} }` } });
      await until(() => t.server.stats().operations === 1);
      if (i % 5 === 0) client.send('{');
      if (i % 5 === 1) client.send({ type: legacy ? 'stop' : 'complete', id: '1' });
      if (i % 7 === 0) client.cut();
      else client.ws.close();
      await until(() => t.server.stats().connections === 0);
    }
    t.probe.open('late');
    t.probe.open('never opened');
    await until(() => t.server.stats().sources === 0);
    expect(t.server.stats()).toMatchObject(nothing);
    expect(disconnects).toBe(200);
    // One after the other: each has its own bound.
  }, 200_000);
});

describe('hooks that fail', () => {
  test('a disconnect hook that throws, rejects or never settles is reported once', async () => {
    const timers = new ManualTimers();
    const ways: (() => void | Promise<void>)[] = [
      () => {
        throw new Error('thrown');
      },
      () => Promise.reject(new Error('rejected')),
      () => new Promise(() => {}),
    ];
    let left = 0;
    await using t = await startServer(
      { keepAliveMs: 0, hookTimeoutMs: 100, onDisconnect: () => ways[left++]?.() },
      { timers },
    );
    for (const _ of ways) await (await RawClient.accepted(t.ws)).close();
    await until(() => left === 3);
    timers.advance(100);
    await until(() => t.failures.length === 3);
    expect(t.failures.map(({ source }) => source)).toEqual(['onDisconnect', 'onDisconnect', 'onDisconnect']);
    expect(t.failures[2]?.error).toBeInstanceOf(HookTimeoutError);
  });

  test('an error hook that throws or rejects harms nobody', async () => {
    let heard = 0;
    await using t = await startServer({
      onConnect: () => {
        throw new Error('thrown');
      },
      onError: () => {
        heard += 1;
        if (heard === 1) throw new Error('the logger is broken');
        return Promise.reject(new Error('the logger is still broken'));
      },
    });
    for (let i = 1; i <= 2; i++) {
      const client = await RawClient.open(t.ws);
      client.send({ type: 'connection_init' });
      expect((await client.ended).code).toBe(4500);
      expect(heard).toBe(i);
    }
  });
});

describe('a peer that reads slowly', () => {
  test('stops its own sources and not the memory of the server, and gets everything when it reads again', async () => {
    await using t = await startServer();
    const slow = await RawClient.accepted(t.ws);
    const other = await RawClient.accepted(t.ws);
    const blobs = () => t.probe.began.filter((name) => name === 'blob pulled').length;
    slow.ws.pause();
    slow.send(subscribe('1', 'subscription { blob(bytes: 100000) }'));

    await until(() => blobs() > 10);
    await standsStill(blobs);
    // What the kernel and the mark of 1 MiB take, with room to spare; a source that is not stopped passes this at once.
    expect(blobs()).toBeLessThan(200);

    other.send(subscribe('1', '{ hello }'));
    await other.next('next');
    await other.next('complete');

    const stopped = blobs();
    slow.ws.resume();
    for (let i = 0; i < stopped + 20; i++) {
      const { payload } = await slow.next('next');
      expect((payload as { data: { blob: string } }).data.blob).toHaveLength(100_000);
    }
    slow.send({ type: 'complete', id: '1' });
    await until(() => t.probe.finalised.includes('blob'));
  });

  test('that asks for more and more is not read until it reads', async () => {
    await using t = await startServer();
    const slow = await RawClient.accepted(t.ws);
    slow.ws.pause();
    const asked = 600;
    for (let i = 0; i < asked; i++) {
      slow.send(subscribe(`${i}`, '{ huge(bytes: 100000) }'));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const answered = () => t.probe.began.filter((name) => name === 'huge').length;
    await until(() => answered() > 10);
    await standsStill(answered);
    expect(answered()).toBeLessThan(300);
    slow.ws.resume();
    for (let done = 0; done < asked; ) if (['complete', 'error'].includes((await slow.next()).type)) done += 1;
  });
});

/** Settles when a number has not changed although the server has had many turns of the event loop. */
async function standsStill(count: () => number): Promise<void> {
  let before = count();
  for (let calm = 0; calm < 200; ) {
    await new Promise((resolve) => setImmediate(resolve));
    calm = count() === before ? calm + 1 : 0;
    before = count();
  }
}
