// One bad operation never takes the session with it: the one that makes the server end connections is found by sending the
// suspects one at a time, and everything else goes on.

import { describe, expect, test } from 'vitest';
import { OperationRejectedError } from '../../../src/session/errors/operation-rejected-error.js';
import { OutcomeUnknownError } from '../../../src/session/errors/outcome-unknown-error.js';
import { type HeldOperations, holdsOperations, poisoned } from '../../../src/testing/index.js';
import type { Script } from '../../../src/testing/scripted-server/script.js';
import type { ScriptedServerOptions } from '../../../src/testing/scripted-server.js';
import type { Subprotocol } from '../../../src/transport/websocket/index.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { patienceMs } from '../../server/fuzz/support/patience.js';
import { dialects, startScripted, startSession } from './support/starting.js';
import { isSettled, readyAgain, rejection, turns, until } from './support/waiting.js';

const query = (name: string): string => `query ${name} { ok }`;

/** Holds the operations of these names for as long as the test wants, each `times` times. */
const holds = (names: RegExp, times?: number): HeldOperations =>
  holdsOperations({ matching: ({ operationName }) => names.test(operationName ?? ''), times });

/** Reads pings, and answers them when the test says so. */
function holdsPongs(): Script & { readonly held: number; release(): void } {
  const held: (() => void)[] = [];
  const hold = (_event: unknown, proceed: () => void | Promise<void>): void => {
    held.push(() => void proceed());
  };
  return {
    ping: hold,
    pingFrame: hold,
    get held() {
      return held.length;
    },
    release: () => {
      for (const go of held.splice(0)) go();
    },
  };
}

async function start(options: ScriptedServerOptions) {
  const server = await startScripted(options);
  const session = startSession({ transport: webSocket(server.url) });
  await session.ready();
  /** Names of operations in the order of reading, by connection. */
  const readOn = (connection: number): (string | undefined)[] =>
    server.executions.filter((each) => each.connection === connection).map(({ operationName }) => operationName);
  return { server, session, readOn };
}

describe.each(dialects)('over %s', (dialect) => {
  test.each([1002, 1003, 1007, 1009, 1011, 4400, 4409, 4500])(
    'the one operation that makes the server close with %i is rejected, the others are answered',
    async (code) => {
      const first = holds(/^(a|b|m)$/, 3);
      const { server, session, readOn } = await start({
        subprotocols: [dialect],
        script: [poisoned({ code, reason: 'no' }), first],
      });
      const a = session.execute(query('a'));
      const mutation = rejection(session.execute('mutation m { ok }'));
      const b = session.execute(query('b'));
      const events = session.subscribe('subscription s { n }');
      await server.received('start', { count: 4 });
      const culprit = await rejection(session.execute(query('poison')));
      expect(culprit).toBeInstanceOf(OperationRejectedError);
      expect(culprit).toMatchObject({ code: 'operation-rejected', attempts: 2, closeCode: code, retryable: false });
      expect(await mutation).toBeInstanceOf(OutcomeUnknownError);
      expect(await Promise.all([a, b])).toEqual([{ ok: true }, { ok: true }]);
      await readyAgain(session, 3);
      expect(await session.execute(query('later'))).toEqual({ ok: true });
      server.publish({ data: { n: 1 } });
      expect(await events.next()).toMatchObject({ value: { type: 'gap' } });
      expect(await events.next()).toMatchObject({ value: { type: 'data', data: { n: 1 } } });
      // One interruption for everybody else, and not one more: the newest was tried first.
      expect(server.connections).toHaveLength(3);
      expect(readOn(0)).toEqual(['a', 'm', 'b', 's', 'poison']);
      expect(readOn(1)).toEqual(['poison']);
      expect(readOn(2)).toEqual(['s', 'b', 'a', 'later']);
    },
  );

  test('a culprit that is older than others is found when it is alone; the others are answered', async () => {
    const operations = holds(/^(a|b)$/);
    const { server, session, readOn } = await start({ subprotocols: [dialect], script: [poisoned(), operations] });
    const culprit = rejection(session.execute(query('poison')));
    const calls = ['a', 'b'].map((name) => session.execute(query(name)));
    expect(await culprit).toBeInstanceOf(OperationRejectedError);
    expect(await culprit).toMatchObject({ attempts: 3, closeCode: 4500 });
    await until(() => server.connections.length === 4 && readOn(3).length === 2);
    operations.release();
    expect(await Promise.all(calls)).toEqual([{ ok: true }, { ok: true }]);
    expect([0, 1, 2, 3].map(readOn)).toEqual([['poison', 'a', 'b'], ['b', 'a', 'poison'], ['poison'], ['b', 'a']]);
  });

  test('suspects are sent one at a time, each only after the one before was answered or two later pings came back', async () => {
    const pongs = holdsPongs();
    const operations = holds(/^(a|b)$/);
    const { server, session, readOn } = await start({ subprotocols: [dialect], script: [pongs, operations] });
    const events = session.subscribe('subscription s { n }');
    const b = session.execute(query('b'));
    const a = session.execute(query('a'));
    await server.received('start', { count: 3 });
    server.connections[0]?.close(4500, 'oops');
    await until(() => readOn(1).length === 1);
    const added = session.execute(query('new'));
    // Nothing moves while the first suspect is neither answered nor outlived.
    await turns(50);
    expect(readOn(1)).toEqual(['a']);
    operations.release();
    expect(await a).toEqual({ ok: true });
    await until(() => readOn(1).length === 2);
    expect(readOn(1)).toEqual(['a', 'b']);
    expect(await isSettled(added)).toBe(false);
    // The second one stays unanswered; that the peer lives on with it clears it, and one pong does not show that yet.
    await until(() => pongs.held === 2);
    pongs.release();
    await until(() => pongs.held === 1);
    await turns(50);
    expect(readOn(1)).toEqual(['a', 'b']);
    pongs.release();
    await until(() => readOn(1).length === 3);
    expect(readOn(1)).toEqual(['a', 'b', 's']);
    for (let pong = 0; pong < 2; pong++) {
      await until(() => pongs.held === 1);
      pongs.release();
    }
    expect(await added).toEqual({ ok: true });
    operations.release();
    expect(await b).toEqual({ ok: true });
    server.publish({ data: { n: 1 } });
    expect(await events.next()).toMatchObject({ value: { type: 'gap' } });
    expect(await events.next()).toMatchObject({ value: { type: 'data', data: { n: 1 } } });
  });

  test('a subscription whose events make the server close is the culprit when it is alone, and only then', async () => {
    const { server, session, readOn } = await start({ subprotocols: [dialect], script: poisoned({ on: 'event' }) });
    const bad = session.subscribe('subscription poison { n }');
    const good = session.subscribe('subscription good { n }');
    await server.received('start', { count: 2 });
    const pongs = server.use({ ping: () => {}, pingFrame: () => {} });
    server.publish({ data: { n: 1 } });
    await until(() => readOn(1).length === 1);
    server.publish({ data: { n: 2 } });
    await until(() => readOn(1).length === 2);
    server.publish({ data: { n: 3 } });
    pongs();
    const seen: string[] = [];
    const error = await rejection(
      (async () => {
        for await (const { type } of bad) seen.push(type);
      })(),
    );
    expect(error).toBeInstanceOf(OperationRejectedError);
    expect(seen).toEqual(['gap']);
    await until(() => readOn(2).length === 1);
    server.publish({ data: { n: 4 } });
    const events: unknown[] = [];
    for await (const event of good) {
      events.push(event.type === 'data' ? event.data : event.type);
      if (event.type === 'data' && (event.data as { n: number }).n === 4) break;
    }
    expect(events).toEqual(['gap', { n: 2 }, { n: 3 }, 'gap', { n: 4 }]);
  });
});

const together: Subprotocol = 'graphql-transport-ws';

test.each([1000, 1001, 1012, 1013, 1014])(
  'when the server closes with %i nobody is a suspect: everything is sent at once',
  async (code) => {
    const operations = holds(/^(a|b|c)$/);
    const pongs: Script = { ping: () => {}, pingFrame: () => {} };
    const { server, session, readOn } = await start({ subprotocols: [together], script: [operations, pongs] });
    const calls = ['a', 'b', 'c'].map((name) => session.execute(query(name)));
    await server.received('start', { count: 3 });
    server.connections[0]?.close(code, 'bye');
    await until(() => readOn(1).length === 3);
    operations.release();
    expect(await Promise.all(calls)).toHaveLength(3);
    expect(server.connections).toHaveLength(2);
  },
);

test('an operation that was acquitted is not the culprit of a later connection', { timeout: patienceMs }, async () => {
  const operations = holds(/^a$/);
  const { server, session, readOn } = await start({ script: operations });
  // How long each trial takes depends on how long the machine took before.
  const patient = { deadlineMs: patienceMs };
  const a = session.execute(query('a'), {}, patient);
  await server.received('start');
  for (let connection = 0; connection < 4; connection++) {
    await until(() => readOn(connection).includes('a'));
    // Whatever is new waits until the trial is over, which takes longer each time.
    expect(await session.execute(query('new'), {}, patient)).toEqual({ ok: true });
    if (connection < 3) server.connections[connection]?.close(4500, 'oops');
  }
  operations.release();
  expect(await a).toEqual({ ok: true });
  expect([1, 2, 3].map(readOn)).toEqual([1, 2, 3].map(() => ['a', 'new']));
});

test('an operation after which the server fails some time later is found, and those beside it are answered', {
  timeout: patienceMs,
}, async () => {
  const operations = holds(/^(a|b)$/);
  const failsLater: Script = {
    operation: ({ operationName, connection }, proceed) => {
      if (operationName === 'late') setTimeout(() => connection.close(4500, 'late'), 50);
      else return proceed();
    },
  };
  const { session } = await start({ script: [failsLater, operations] });
  // A machine that pauses makes a trial end too soon, and the next one longer: the number of attempts must not decide.
  const patient = { deadlineMs: patienceMs, retry: { attempts: 100 } };
  const culprit = rejection(session.execute(query('late'), {}, patient));
  const calls = ['a', 'b'].map((name) => session.execute(query(name), {}, patient));
  expect(await culprit).toBeInstanceOf(OperationRejectedError);
  expect(await session.execute(query('new'), {}, patient)).toEqual({ ok: true });
  operations.release();
  expect(await Promise.all(calls)).toEqual([{ ok: true }, { ok: true }]);
});
