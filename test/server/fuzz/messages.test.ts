import fc from 'fast-check';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { describe, expect, test } from 'vitest';
import { coreOf, createServerIn } from '../../../src/server/server.js';
import { acceptSocket } from '../../../src/server/websocket/accept.js';
import { FakeSocket } from '../support/fake-socket.js';
import { ManualTimers } from '../support/manual-timers.js';
import { dialects, Peer, settled } from '../websocket/support/peer.js';
import { Escapes } from './support/escapes.js';
import { byTheLetter } from './support/letter.js';
import { patienceMs, withinPatience } from './support/patience.js';
import { messageText } from './support/texts.js';

function makeSchema(): GraphQLSchema {
  const schema = buildSchema(/* GraphQL */ `
    scalar Anything
    type Query { hello(name: String): String, echo(value: Anything): Anything }
    type Mutation { keep(value: Anything): Anything }
    type Subscription { forever: Int }
  `);
  const echo = (_source: unknown, { value }: { readonly value: unknown }): unknown => value;
  const fields = { ...schema.getQueryType()?.getFields(), ...schema.getMutationType()?.getFields() };
  for (const name of ['echo', 'keep']) Object.assign(fields[name] ?? {}, { resolve: echo });
  Object.assign(schema.getSubscriptionType()?.getFields().forever ?? {}, {
    subscribe: async function* (_source: unknown, _args: unknown, { signal }: { readonly signal: AbortSignal }) {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      yield 1;
    },
  });
  return schema;
}

describe.each(dialects)('%s: whatever text a peer sends', (dialect) => {
  test(
    'is answered by the letter of the protocol, and concerns nobody else',
    async () => {
      const escapes = new Escapes();
      const timers = new ManualTimers();
      const failures: string[] = [];
      const core = coreOf(
        createServerIn(
          { timers },
          {
            schema: makeSchema(),
            keepAliveMs: 0,
            limits: { messagesPerSecond: Number.POSITIVE_INFINITY },
            // It becomes an answer that cannot be written, which is told to who runs the server.
            onError: (_error, source) => void (source === 'result' || failures.push(source)),
          },
        ),
      );
      await core.pipeline.prepare();
      const connect = (): Peer => {
        const socket = new FakeSocket();
        const about = { subprotocol: dialect, headers: {}, remoteAddress: '10.0.0.1' };
        return new Peer(dialect, socket, acceptSocket(core, socket, about)).init();
      };
      const start = (peer: Peer, id: string, query: string): void =>
        peer.send({ type: dialect === 'graphql-ws' ? 'start' : 'subscribe', id, payload: { query } });
      const bystander = connect();
      start(bystander, 'theirs', 'subscription { forever }');
      bystander.read();
      const seen = new Set<unknown>();

      const check = async (peer: Peer, text: string): Promise<void> => {
        start(peer, 'live', 'subscription { forever }');
        await settled();
        expect(peer.types()).toEqual(['connection_ack']);

        peer.events.message(text);
        const { code, starts, answers = [] } = byTheLetter(dialect, text);
        expect(peer.closes.map((one) => one.code)).toEqual(code === undefined ? [] : [code]);
        for (const { reason } of peer.closes) expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(123);
        for (let i = 0; i < 5; i++) await settled();
        const frames = peer.read();
        const own = frames.filter(({ id }) => id === undefined).map(({ type }) => type);
        expect(own).toEqual(answers);
        const told = frames.filter(({ id }) => id !== undefined);
        const ofStarted = told.filter(({ id }) => id === starts);
        // A legacy `stop` of the operation that there is.
        if (told.length > ofStarted.length) expect(told).toEqual([{ type: 'complete', id: 'live' }]);
        // Nothing is said of a subscription that lasts.
        if (ofStarted.length > 0) expect(['complete', 'error']).toContain(ofStarted.at(-1)?.type);
        else if (starts !== undefined) expect(text).toContain('forever');
        seen.add(code ?? told.at(-1)?.type ?? own[0]);

        if (code === undefined) {
          start(peer, 'after', '{ hello }');
          expect(peer.types().at(-1)).toBe('complete');
        }
        start(bystander, 'q', '{ hello }');
        expect(bystander.types().at(-1)).toBe('complete');
      };

      await fc.assert(
        fc.asyncProperty(messageText, async (text) => {
          const peer = connect();
          try {
            await check(peer, text);
          } finally {
            peer.events.closed(1006, '', undefined);
          }
          for (let i = 0; i < 3; i++) await settled();
          expect(core.counters).toMatchObject({ connections: 1, operations: 1, sources: 1 });
          expect(await escapes.heard()).toEqual([]);
          expect(failures.splice(0)).toEqual([]);
        }),
        { numRuns: 2_000, ...withinPatience },
      );
      expect([...seen]).toEqual(
        expect.arrayContaining(
          dialect === 'graphql-ws' ? [1000, 'connection_error', 'error'] : [4400, 4409, 4429, 'pong', 'error'],
        ),
      );
      bystander.events.closed(1006, '', undefined);
      for (let i = 0; i < 3; i++) await settled();
      timers.advance(60_000);
      expect([core.counters.connections, core.counters.sources, core.admission.principals, timers.armed]).toEqual([
        0, 0, 0, 0,
      ]);
    },
    patienceMs,
  );
});
