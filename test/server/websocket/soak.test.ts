import { expect, test } from 'vitest';
import { dialects, endless, fakeServer, settled } from './support/peer.js';

test.each(dialects)(
  '%s: ten thousand times connect, subscribe and leave in every way: everything returns to zero',
  async (dialect) => {
    let connects = 0;
    const server = fakeServer(
      {
        keepAliveMs: 1_000,
        principal: ({ connectionParams }) => String(connectionParams?.user),
        onConnect: ({ expireAt }) => {
          connects += 1;
          expireAt(Date.now() + 1_000_000);
          if (connects % 4 === 0) throw new Error('no');
          return connects % 2 === 0 ? undefined : Promise.resolve();
        },
        onDisconnect: () => {},
      },
      endless,
    );
    const { core } = server;
    for (let i = 0; i < 10_000; i++) {
      const peer = server.connect(dialect, undefined, '10.0.0.1').init({ user: `u${i % 10}` });
      if (dialect === 'graphql-ws' || i % 3 > 0) peer.start('1');
      if (i % 50 === 0) await settled();
      if (i % 3 === 1) peer.start('2');
      if (i % 5 === 0) peer.stop('1');
      if (i % 7 === 0) peer.events.binary();
      if (i % 11 === 0) peer.events.failed(new Error('bad frame'), 1002);
      peer.events.closed(i % 2 === 0 ? 1000 : 1006, '', undefined);
      if (i % 50 === 0) await settled();
    }
    await settled();
    expect(connects).toBeGreaterThan(5_000);
    expect(core.counters).toMatchObject({ connections: 0, operations: 0, sources: 0 });
    expect(core.admission.principals).toBe(0);
    expect(core.timers.armed).toBe(0);
    await core.life.drain({});
    expect(core.timers.armed).toBe(0);
  },
);
