// Our session when the server of graphql-ws goes away in the middle of its work, and comes back on the same port.

import { describe, expect, test } from 'vitest';
import { OutcomeUnknownError } from '../../../src/session/errors/outcome-unknown-error.js';
import { nextEvent, openReady, rejection } from '../../session/behaviour/support/sessions.js';
import { reached, readyAgain, until } from '../../session/behaviour/support/waiting.js';
import { type PeerServer, startPeerServer } from './support/peer-server.js';

/** A server that runs mutations and does not answer them. */
function keepsAnswersOfMutations(): Promise<PeerServer> {
  return startPeerServer({
    onNext: (_context, _id, { query }) => (query.startsWith('mutation') ? new Promise(() => {}) : undefined),
  });
}

const ran = (peer: PeerServer, name: string): number => peer.probe.began.filter((each) => each === name).length;

describe('a server of graphql-ws that terminates the socket', () => {
  test('a query on it is answered on the next one, a subscription goes on with a gap, a mutation is not repeated', async () => {
    const peer = await keepsAnswersOfMutations();
    const session = await openReady(peer);
    const subscription = session.subscribe('subscription { forever(name: "f") }');
    const query = session.result('{ slow(gate: "g") }');
    const mutation = session.execute('mutation Add { add(amount: 1) }');
    expect(await nextEvent(subscription)).toMatchObject({ data: { forever: 1 } });
    await until(() => ran(peer, 'slow') === 1 && ran(peer, 'add') === 1);
    const before = Date.now();
    peer.terminate();
    const unknown = await rejection(mutation, OutcomeUnknownError);
    expect(unknown).toMatchObject({ code: 'outcome-unknown', delivery: 'unknown', attempts: 1, closeCode: 1006 });
    expect(unknown.message).toContain('Mutation "Add"');
    const gap = await nextEvent(subscription);
    expect(gap).toMatchObject({ type: 'gap', gap: { reason: 'connection-lost' } });
    if (gap.type === 'gap') expect(gap.gap.liveAt).toBeGreaterThanOrEqual(before);
    expect(await nextEvent(subscription)).toMatchObject({ data: { forever: 1 } });
    peer.probe.open('g');
    expect(await query).toMatchObject({ data: { slow: 'after g' }, meta: { attempts: 2, generation: 2 } });
    expect([ran(peer, 'slow'), ran(peer, 'add'), ran(peer, 'forever')]).toEqual([2, 1, 2]);
  });

  test('again and again: the same iterator tells of each interruption once, and misses none', async () => {
    const peer = await startPeerServer();
    const session = await openReady(peer);
    const subscription = session.subscribe('subscription { forever(name: "f") }');
    expect(await nextEvent(subscription)).toMatchObject({ data: { forever: 1 } });
    for (let time = 0; time < 10; time++) {
      peer.terminate();
      expect(await nextEvent(subscription)).toMatchObject({ type: 'gap' });
      expect(await nextEvent(subscription)).toMatchObject({ type: 'data', data: { forever: 1 } });
    }
    expect(peer.sockets).toHaveLength(11);
    await session.close();
    expect(await subscription.next()).toEqual({ done: true, value: undefined });
  });

  test('a hundred calls made as it happens are all answered, and no mutation among them runs twice', async () => {
    const peer = await startPeerServer();
    const session = await openReady(peer);
    const outcomes = Array.from({ length: 100 }, (_, i) =>
      i % 2 === 0
        ? session.execute('query ($name: String) { hello(name: $name) }', { name: `${i}` })
        : session.execute('mutation { add(amount: 1) }').catch((error: unknown) => error),
    );
    peer.terminate();
    const answers = await Promise.all(outcomes);
    for (const [i, answer] of answers.entries()) {
      if (i % 2 === 0) expect(answer).toEqual({ hello: `Hello ${i}` });
      else if (!(answer instanceof OutcomeUnknownError)) expect(answer).toEqual({ add: expect.any(Number) });
    }
    const answered = answers.filter((answer) => typeof answer === 'object' && answer !== null && 'add' in answer);
    expect(ran(peer, 'add')).toBeGreaterThanOrEqual(answered.length);
    expect(ran(peer, 'add')).toBeLessThanOrEqual(50);
  });
});

describe('a server of graphql-ws that is restarted', () => {
  test('is found on its port; what was called meanwhile waited and ran once, in order', async () => {
    const peer = await startPeerServer();
    const session = await openReady(peer);
    const subscription = session.subscribe('subscription { forever(name: "f") }');
    expect(await nextEvent(subscription)).toMatchObject({ data: { forever: 1 } });
    await peer.stop();
    // At least one attempt finds nobody.
    const { cause } = await reached(session, 'waiting', (state) => state.cause.code === 'network');
    expect(cause.message).toContain('ECONNREFUSED');
    const added = [1, 2, 3].map((amount) => session.execute('mutation ($n: Int!) { add(amount: $n) }', { n: amount }));
    const hello = session.result('{ hello }');
    expect(ran(peer, 'add')).toBe(0);
    await peer.start();
    expect(await Promise.all(added)).toEqual([{ add: 1 }, { add: 3 }, { add: 6 }]);
    expect(await hello).toMatchObject({ data: { hello: 'Hello world' }, meta: { attempts: 1 } });
    expect(await nextEvent(subscription)).toMatchObject({ type: 'gap', gap: { reason: 'connection-lost' } });
    expect(await nextEvent(subscription)).toMatchObject({ data: { forever: 1 } });
    expect(ran(peer, 'add')).toBe(3);
  });

  test('is found by a session that is idle', async () => {
    const peer = await startPeerServer();
    const session = await openReady(peer);
    await peer.stop();
    await reached(session, 'waiting', (state) => state.cause.code === 'network');
    await peer.start();
    const { generation } = await readyAgain(session, 2);
    expect(generation).toBeGreaterThan(2);
    expect(peer.sockets).toHaveLength(2);
    expect(session.operations).toBe(0);
  });

  test('after it said that it goes away, 1001, loses nothing that it had answered', async () => {
    const peer = await startPeerServer();
    const session = await openReady(peer);
    const answers = [1, 2, 3].map((n) => session.execute('query ($n: Int!) { huge(bytes: $n) }', { n }));
    await until(() => ran(peer, 'huge') === 3);
    const interruption = reached(session, 'waiting');
    peer.socket.close(1001, 'Going away');
    expect(await Promise.all(answers)).toEqual([{ huge: 'x' }, { huge: 'xx' }, { huge: 'xxx' }]);
    expect((await interruption).cause).toMatchObject({ closeCode: 1001, closeReason: 'Going away' });
    await readyAgain(session, 2);
  });
});

test('a session that closes while its mutation is unanswered says that the outcome is unknown, and the server hears 1000', async () => {
  const peer = await keepsAnswersOfMutations();
  const session = await openReady(peer);
  const mutation = session.execute('mutation { add(amount: 1) }').catch((error: unknown) => error);
  await until(() => ran(peer, 'add') === 1);
  await session.close({ graceMs: 0 });
  expect(await mutation).toMatchObject({ code: 'session-closed', delivery: 'unknown' });
  await until(() => peer.ends.length === 1);
  expect(peer.ends[0]).toMatchObject({ code: 1000 });
});
