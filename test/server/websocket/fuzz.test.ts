import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Execution } from '../../../src/protocol/executor.js';
import { dialects, fakeServer, settled } from './support/peer.js';

const types = [
  'connection_init',
  'subscribe',
  'start',
  'complete',
  'stop',
  'ping',
  'pong',
  'connection_terminate',
  'x',
];
const id = fc.constantFrom('1', '2', '', 'x'.repeat(200));
const payload = fc.oneof(
  fc.constant({ query: '{ any }' }),
  fc.constant({ holdfast: { auth: { token: 1 } } }),
  fc.jsonValue(),
);
/** Messages that are nearly right, JSON of any shape, and texts of any kind. */
const message = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .record({ type: fc.constantFrom(...types), id, payload }, { requiredKeys: ['type'] })
      .map((m) => JSON.stringify(m)),
  },
  { weight: 2, arbitrary: fc.jsonValue().map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.string() },
);
const step = fc.oneof(
  { weight: 8, arbitrary: message.map((text) => ({ do: 'message' as const, text })) },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom('binary', 'heard', 'flushed', 'backlog', 'failed', 'wait', 'turn', 'answer', 'hook', 'drain')
      .map((name) => ({ do: name })),
  },
);

describe.each(dialects)('%s: whatever a peer sends, in whatever order things happen', (dialect) => {
  test('no operation runs before the connection was accepted, nothing escapes, and one close ends it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 30 }),
        fc.boolean(),
        fc.boolean(),
        async (steps, slowHook, accepts) => {
          let accepted = false;
          let tooEarly = 0;
          const hooks: (() => void)[] = [];
          const answers: (() => void)[] = [];
          const server = fakeServer(
            {
              keepAliveMs: 500,
              limits: { messagesPerSecond: 10, messageBurst: 10, operationsPerConnection: 3 },
              onConnect: ({ expireAt }) => {
                if (!slowHook) {
                  accepted = accepts;
                  return accepts ? undefined : (false as never);
                }
                return new Promise((resolve, reject) =>
                  hooks.push(() => {
                    if (!accepts) return reject(new Error('no'));
                    accepted = true;
                    expireAt(Date.now() + 60_000);
                    resolve();
                  }),
                );
              },
            },
            () => {
              if (!accepted) tooEarly += 1;
              return new Promise<Execution>((resolve) =>
                answers.push(() => resolve({ kind: 'result', result: { data: {} } })),
              );
            },
          );
          const peer = server.connect(dialect);
          for (const one of steps) {
            if ('text' in one) peer.events.message(one.text);
            else if (one.do === 'binary') peer.events.binary();
            else if (one.do === 'heard') peer.events.heard();
            else if (one.do === 'flushed') {
              peer.socket.backlog = 0;
              peer.events.flushed();
            } else if (one.do === 'backlog') peer.socket.backlog = 2 ** 21;
            else if (one.do === 'failed') peer.events.failed(new Error('bad frame'), 1002);
            else if (one.do === 'wait') server.core.timers.advance(400);
            else if (one.do === 'turn') await settled();
            else if (one.do === 'answer') answers.shift()?.();
            else if (one.do === 'hook') hooks.shift()?.();
            else void server.core.life.drain({ spreadMs: 500, deadlineMs: 1_000 });
          }
          peer.events.closed(1006, '', undefined);
          for (const settle of [...hooks, ...answers]) settle();
          await settled();
          expect(tooEarly).toBe(0);
          expect(peer.closes.length).toBeLessThanOrEqual(1);
          for (const { reason } of peer.closes) expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(123);
          expect(server.endings).toHaveLength(1);
          expect(server.core.counters).toMatchObject({ connections: 0, operations: 0, sources: 0 });
          expect(server.core.admission.principals).toBe(0);
          server.core.timers.advance(100_000);
          expect(server.core.timers.armed).toBe(0);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
