import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RawClient } from '../support/client.js';
import { RawTcp } from '../support/raw-tcp.js';
import { startServer, until } from '../support/serving.js';
import { dialects, starts, stops } from '../websocket/support/peer.js';
import { Escapes } from './support/escapes.js';
import { goodFrame, readFrames, writeFrame } from './support/frames.js';
import { patienceMs, withinPatience } from './support/patience.js';

const messageBytes = 2_000;
const text = 0x81;
const close = 0x88;
const bytes = fc.uint8Array({ maxLength: 40 });

const randomFrame = fc
  .record({
    first: fc.oneof(fc.constantFrom(text, 0x82, 0x80, 0x01, close, 0x89, 0x8a), fc.nat(255)),
    payload: fc.oneof(bytes, fc.uint8Array({ minLength: 100, maxLength: 200 })),
    isMasked: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
    lengthBytes: fc.constantFrom<0 | 2 | 8>(0, 0, 0, 2, 8),
    lie: fc.oneof(
      { weight: 5, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: -9, max: 70_000 }) },
    ),
  })
  .map(writeFrame);

const closeFrame = fc
  .tuple(fc.oneof(fc.constantFrom(1000, 1001, 1005, 1006, 1012, 1015, 2999, 3000, 4400, 5000), fc.nat(65_535)), bytes)
  .map(([code, reason]) => goodFrame(close, Buffer.concat([Buffer.from([code >> 8, code & 0xff]), reason])));

/** In pieces, with a ping between them. */
function fragments(whole: Buffer, cuts: readonly number[], hasPing: boolean): Buffer {
  const at = [0, ...cuts.map((cut) => cut % whole.length).sort((a, b) => a - b), whole.length];
  const last = at.length - 2;
  return Buffer.concat(
    at.slice(1).map((end, index) => {
      const piece = goodFrame((index === last ? 0x80 : 0) | (index === 0 ? 1 : 0), whole.subarray(at[index], end));
      return hasPing ? Buffer.concat([piece, goodFrame(0x89, 'ping')]) : piece;
    }),
  );
}

/** Whatever a peer may send after the opening handshake, one piece after the other. */
function pieces(dialect: (typeof dialects)[number]): fc.Arbitrary<Buffer[]> {
  const operation = (query: string): object => ({
    type: starts[dialect],
    id: query.length.toString(),
    payload: { query },
  });
  const messages = [
    { type: 'connection_init' },
    { type: 'ping', payload: { at: 1 } },
    { type: 'pong' },
    operation('{ hello }'),
    operation('subscription { forever(name: "f") }'),
    operation('subscription { count(to: 3) }'),
    operation(`subscription { late(gate: "never") }`),
    { type: stops[dialect], id: '9' },
    { type: 'connection_terminate' },
    // The second one of these is refused with a reason that names it.
    { type: starts[dialect], id: '\u{1F980}'.repeat(32), payload: { query: 'subscription { forever(name: "f") }' } },
  ].map((message) => Buffer.from(JSON.stringify(message)));
  const message = fc.constantFrom(...messages);
  const piece = fc.oneof(
    { weight: 8, arbitrary: message.map((one) => goodFrame(text, one)) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(message, fc.array(fc.nat(1_000), { minLength: 1, maxLength: 3 }), fc.boolean())
        .map(([whole, cuts, hasPing]) => fragments(whole, cuts, hasPing)),
    },
    { weight: 2, arbitrary: randomFrame },
    { weight: 1, arbitrary: fc.constant(goodFrame(0x82, 'binary')) },
    { weight: 1, arbitrary: closeFrame },
    { weight: 1, arbitrary: fc.constant(goodFrame(close, Buffer.from([0x03, 0xe8]))) },
    { weight: 1, arbitrary: bytes.map((wild) => Buffer.from(wild)) },
    { weight: 1, arbitrary: fc.constant(goodFrame(text, 'x'.repeat(messageBytes + 1))) },
    { weight: 1, arbitrary: fc.constant(goodFrame(text, Buffer.from([0xc3, 0x28]))) },
    {
      weight: 1,
      arbitrary: fc.tuple(message, fc.nat(50)).map(([one, cut]) => goodFrame(text, one).subarray(0, cut)),
    },
  );
  const isWelcome = fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) });
  const init = goodFrame(text, '{"type":"connection_init"}');
  return fc
    .tuple(isWelcome, fc.array(piece, { maxLength: 12, size: 'max' }))
    .map(([welcome, sent]) => (welcome ? [init, ...sent] : sent));
}

describe.each(dialects)('%s: whatever bytes a peer sends', (dialect) => {
  test(
    'they end at most its own connection, with one close frame, and leave nothing behind',
    async () => {
      const escapes = new Escapes();
      let ended = 0;
      await using t = await startServer({
        limits: { messageBytes, messagesPerSecond: Number.POSITIVE_INFINITY, connectionsPerPrincipal: 10 },
        onDisconnect: () => {
          ended += 1;
        },
      });
      const bystander = await RawClient.accepted(t.ws);
      const seen = new Set<number>();
      let opened = 0;
      await fc.assert(
        fc.asyncProperty(
          pieces(dialect),
          fc.array(fc.nat(5_000), { maxLength: 5 }),
          fc.constantFrom('end', 'wait', 'reset'),
          async (sent, cuts, leaves) => {
            const peer = await RawTcp.upgrade(t.ws, dialect);
            opened += 1;
            const all = Buffer.concat(sent);
            const at = [0, ...cuts.map((cut) => cut % (all.length + 1)).sort((a, b) => a - b), all.length];
            for (const [index, end] of at.slice(1).entries()) {
              peer.socket.write(all.subarray(at[index], end));
              await new Promise((resolve) => setImmediate(resolve));
            }
            bystander.send({ type: 'subscribe', id: 'q', payload: { query: '{ hello }' } });
            await bystander.next('next');
            await bystander.next('complete');
            if (leaves === 'wait') await bystander.settled();
            if (leaves === 'reset') peer.socket.resetAndDestroy();
            else peer.socket.end();
            await until(() => peer.socket.closed).finally(() => peer.socket.destroy());
            // Who cuts the line may have lost the end of what was sent.
            if (leaves !== 'reset') for (const code of readFrames(peer.received).codes) seen.add(code);
            await until(() => ended === opened);
            const { failedSockets, ...held } = t.server.stats();
            expect(held).toEqual({ connections: 1, operations: 0, sources: 0 });
            expect(await escapes.heard()).toEqual([]);
            expect(t.failures).toEqual([]);
          },
        ),
        { numRuns: 500, ...withinPatience },
      );
      expect([...seen]).toEqual(
        expect.arrayContaining([1000, 1002, 1007, 1009, 4401, dialect === 'graphql-ws' ? 1003 : 4400]),
      );
      await bystander.close();
    },
    patienceMs,
  );
});
