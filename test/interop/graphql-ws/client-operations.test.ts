// The client of graphql-ws runs operations on our server: answers, errors of every kind, cancellation, and much at once.

import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { until } from '../../server/support/serving.js';
import { startOurServer } from './support/our-server.js';
import { answersTo, connected, type Ending, run, settled, startPeerClient } from './support/peer-client.js';

describe('operations of the client of graphql-ws', () => {
  test('a query, a mutation and a subscription are answered over one socket', async () => {
    const t = await startOurServer();
    const peer = startPeerClient(t.ws);
    const query = 'query Hello($name: String) { hello(name: $name) } query Other { context }';
    expect(await answersTo(peer, { query, operationName: 'Hello', variables: { name: 'Ada' } })).toEqual([
      { data: { hello: 'Hello Ada' } },
    ]);
    expect(await answersTo(peer, 'mutation { add(amount: 3) }')).toEqual([{ data: { add: 3 } }]);
    expect(await answersTo(peer, 'subscription { count(to: 3) }')).toEqual([
      { data: { count: 1 } },
      { data: { count: 2 } },
      { data: { count: 3 } },
    ]);
    expect(peer.sockets).toHaveLength(1);
    await until(() => t.server.stats().operations === 0 && t.server.stats().sources === 0);
    expect(t.server.stats().connections).toBe(1);
  });

  test('members that it writes as null, and its extensions, are understood', async () => {
    const t = await startOurServer();
    const peer = startPeerClient(t.ws);
    const request = { query: '{ context }', operationName: null, variables: null, extensions: { trace: ['a', 1] } };
    expect(await answersTo(peer, request)).toEqual([{ data: { context: 'seen' } }]);
    expect(t.probe.contexts[0]).toMatchObject({ payload: { extensions: { trace: ['a', 1] } } });
    expect(await answersTo(peer, { query: '{ hello }', extensions: null })).toHaveLength(1);
  });

  test('its iterator gives every event, and leaving it stops the source', async () => {
    const t = await startOurServer();
    const { client } = startPeerClient(t.ws);
    const seen: unknown[] = [];
    for await (const event of client.iterate({ query: 'subscription { forever(name: "f") }' })) {
      seen.push(event);
      break;
    }
    expect(seen).toEqual([{ data: { forever: 1 } }]);
    await until(() => t.probe.finalised.includes('f'));
    await until(() => t.server.stats().operations === 0);
  });

  test('two hundred at once over one socket get their own answers, the last one first', async () => {
    // More messages at once than a server with default limits takes; its client does not know that it should wait.
    const t = await startOurServer({ limits: { operationsPerConnection: 200, messageBurst: 300 } });
    const peer = startPeerClient(t.ws);
    const order: number[] = [];
    const all = Array.from({ length: 200 }, async (_, i) => {
      const answers = await answersTo(peer, {
        query: 'query ($g: String!) { slow(gate: $g) }',
        variables: { g: `${i}` },
      });
      order.push(i);
      return answers;
    });
    await until(() => t.server.stats().operations === 200);
    for (let i = 199; i >= 0; i--) {
      t.probe.open(`${i}`);
      await until(() => order.at(-1) === i);
    }
    expect(await Promise.all(all)).toEqual(all.map((_, i) => [{ data: { slow: `after ${i}` } }]));
    expect(peer.sockets).toHaveLength(1);
  });

  test('big messages arrive whole in both directions', async () => {
    const t = await startOurServer();
    const peer = startPeerClient(t.ws);
    const name = randomBytes(300_000).toString('hex');
    expect(
      await answersTo(peer, { query: 'query ($name: String) { hello(name: $name) }', variables: { name } }),
    ).toEqual([{ data: { hello: `Hello ${name}` } }]);
    const size = 8 * 2 ** 20;
    expect(await answersTo(peer, `{ huge(bytes: ${size}) }`)).toEqual([{ data: { huge: 'x'.repeat(size) } }]);
  });

  test('one that is larger than the server allows ends the connection with 1009, which its sink is told', async () => {
    const t = await startOurServer({ limits: { messageBytes: 1_000 } });
    const peer = startPeerClient(t.ws);
    const [ending] = await answersTo(peer, { query: '{ hello }', variables: { name: 'x'.repeat(1_000) } });
    expect(ending).toMatchObject({ error: { code: 1009 } });
    expect(t.server.stats().failedSockets).toBe(1);
  });

  test('events beyond what one turn of the server sends come all, and in order', async () => {
    const t = await startOurServer();
    const answers = await answersTo(startPeerClient(t.ws), 'subscription { count(to: 2000) }');
    expect(answers).toEqual(Array.from({ length: 2_000 }, (_, i) => ({ data: { count: i + 1 } })));
  });
});

describe('errors for the client of graphql-ws', () => {
  test.each([
    ['a syntax error', { query: '{ hello' }, /Syntax Error/],
    ['an empty query', { query: '' }, /must hold an operation/],
    ['a field that is unknown', { query: '{ nothing }' }, /Cannot query field/],
    ['an operation that is unknown', { query: 'query A { hello }', operationName: 'B' }, /no operation named "B"/],
    ['an operation that is not chosen', { query: 'query A { hello } query B { hello }' }, /several operations/],
    ['a variable that is missing', { query: 'query ($n: Int!) { huge(bytes: $n) }' }, /"\$n" of required type/],
    ['a bad variable', { query: 'query ($n: Int!) { huge(bytes: $n) }', variables: { n: 'x' } }, /cannot represent/],
    ['a bad variable of a subscription', { query: 'subscription ($n: Int!) { count(to: $n) }' }, /"\$n" of required/],
    ['a subscribe resolver that throws', { query: 'subscription { throwsAtOnce }' }, /No source/],
    ['a subscribe resolver that gives no source', { query: 'subscription { notIterable }' }, /Async Iterable/i],
    ['an answer that is no JSON', { query: '{ unserialisable }' }, /could not be serialised/],
  ])('%s is one list of errors in its sink, and the socket stays', async (_what, request, message) => {
    const t = await startOurServer();
    const peer = startPeerClient(t.ws);
    const other = run(peer, 'subscription { gated(gate: "g") }');
    expect(await answersTo(peer, request)).toEqual([
      { error: [expect.objectContaining({ message: expect.stringMatching(message) })] },
    ]);
    t.probe.open('g');
    expect(await other.ended).toBe('complete');
    expect(other.results).toEqual([{ data: { gated: 1 } }, { data: { gated: 2 } }]);
    expect(peer.sockets).toHaveLength(1);
  });

  test('a resolver that throws is an answer with partial data', async () => {
    const t = await startOurServer();
    expect(await answersTo(startPeerClient(t.ws), '{ hello fails }')).toEqual([
      {
        data: { hello: 'Hello world', fails: null },
        errors: [{ message: 'It failed', path: ['fails'], locations: [{ line: 1, column: 9 }] }],
      },
    ]);
  });

  test('a source that throws ends its subscription after the events before, and nothing else', async () => {
    const t = await startOurServer();
    const peer = startPeerClient(t.ws);
    expect(await answersTo(peer, 'subscription { throwsAfterTwo }')).toEqual([
      { data: { throwsAfterTwo: 1 } },
      { data: { throwsAfterTwo: 2 } },
      { error: [{ message: 'Source broke' }] },
    ]);
    expect(await answersTo(peer, '{ hello }')).toHaveLength(1);
    expect(peer.sockets).toHaveLength(1);
  });

  test('an event that fails is an event with errors, and its subscription goes on', async () => {
    const t = await startOurServer();
    expect(await answersTo(startPeerClient(t.ws), 'subscription { oneBadEvent }')).toEqual([
      { data: { oneBadEvent: 1 } },
      expect.objectContaining({
        data: { oneBadEvent: null },
        errors: [expect.objectContaining({ message: 'Bad event' })],
      }),
      { data: { oneBadEvent: 3 } },
    ]);
  });

  test('a context that cannot be made is one error', async () => {
    const context = (): never => {
      throw new Error('No context');
    };
    const t = await startOurServer({ context });
    const peer = startPeerClient(t.ws);
    expect(await answersTo(peer, '{ hello }')).toEqual([{ error: [{ message: 'No context' }] }]);
    expect(await answersTo(peer, 'subscription { count(to: 1) }')).toEqual([{ error: [{ message: 'No context' }] }]);
    expect(t.failures.map(({ source }) => source)).toEqual(['context', 'context']);
    expect(peer.sockets).toHaveLength(1);
  });

  test('one operation too many is refused alone', async () => {
    const t = await startOurServer({ limits: { operationsPerConnection: 1 } });
    const peer = startPeerClient(t.ws);
    const first = run(peer, '{ slow(gate: "g") }');
    await until(() => t.server.stats().operations === 1);
    expect(await answersTo(peer, '{ hello }')).toMatchObject([
      { error: [{ message: expect.stringMatching(/1 operations/) }] },
    ]);
    t.probe.open('g');
    expect(await first.ended).toBe('complete');
    expect(await answersTo(peer, '{ hello }')).toEqual([{ data: { hello: 'Hello world' } }]);
  });

  test('an id that is in use ends the connection with 4409, which every operation on it is told', async () => {
    const t = await startOurServer();
    const peer = startPeerClient(t.ws, { generateID: () => 'same' });
    const other = startPeerClient(t.ws);
    const untouched = run(other, 'subscription { gated(gate: "g") }');
    const first = run(peer, 'subscription { forever(name: "f") }');
    await until(() => t.probe.began.includes('forever'));
    const second = run(peer, '{ hello }');
    const refused: Ending = {
      error: expect.objectContaining({ code: 4409, reason: 'Subscriber for same already exists' }),
    };
    expect(await Promise.all([first.ended, second.ended])).toEqual([refused, refused]);
    expect(t.probe.began).not.toContain('hello');
    await until(() => t.probe.finalised.includes('f'));
    t.probe.open('g');
    expect(await untouched.ended).toBe('complete');
  });
});

describe('cancelling by the client of graphql-ws', () => {
  test('closes the source, and nothing comes for the operation any more', async () => {
    const t = await startOurServer();
    const peer = startPeerClient(t.ws);
    const accepted = connected(peer);
    const running = run(peer, 'subscription { gated(gate: "g") }');
    const { socket } = await accepted;
    await until(() => running.results.length === 1);
    running.stop();
    await settled(peer, socket);
    const before = peer.messages.length;
    t.probe.open('g');
    await until(() => t.probe.finalised.includes('g'));
    await settled(peer, socket);
    expect(peer.messages.slice(before).map(({ type }) => type)).toEqual(['pong']);
    expect(await running.ended).toBe('complete');
    expect(t.server.stats()).toMatchObject({ operations: 0, sources: 0 });
  });

  test('before its subscribe resolver is done closes the source when it comes, and says nothing', async () => {
    const t = await startOurServer();
    const peer = startPeerClient(t.ws);
    const accepted = connected(peer);
    const running = run(peer, 'subscription { late(gate: "g") }');
    const { socket } = await accepted;
    await until(() => t.probe.began.includes('late'));
    running.stop();
    await settled(peer, socket);
    t.probe.open('g');
    await until(() => t.probe.finalised.includes('g'));
    await settled(peer, socket);
    expect(peer.messages.map(({ type }) => type)).toEqual(['connection_ack', 'pong', 'pong']);
  });

  test('an id may be used again the moment it was given back', async () => {
    const t = await startOurServer();
    const peer = startPeerClient(t.ws, { generateID: () => 'same' });
    const first = run(peer, 'subscription { forever(name: "f") }');
    await until(() => first.results.length === 1);
    first.stop();
    const second = run(peer, 'subscription { gated(gate: "g") }');
    await until(() => t.probe.finalised.includes('f'));
    t.probe.open('g');
    expect(await second.ended).toBe('complete');
    expect(second.results).toEqual([{ data: { gated: 1 } }, { data: { gated: 2 } }]);
    expect(await answersTo(peer, '{ hello }')).toHaveLength(1);
    expect(peer.sockets).toHaveLength(1);
  });
});
