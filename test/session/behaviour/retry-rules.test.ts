// Retry rules as programs write them: how often and when connecting, calls and subscriptions are tried again, and who decides.

import { describe, expect, test, vi } from 'vitest';
import { ConnectionLostError } from '../../../src/session/errors/connection-lost-error.js';
import { GraphQLResultError } from '../../../src/session/errors/graphql-result-error.js';
import { OutcomeUnknownError } from '../../../src/session/errors/outcome-unknown-error.js';
import type { RetryContext, RetryOptions } from '../../../src/session/retry.js';
import { dropsOnOperation } from '../../../src/testing/index.js';
import type { ScriptedServer, ScriptedServerOptions } from '../../../src/testing/scripted-server.js';
import type { Failure } from '../../../src/transport/contract.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { dialects, startScripted, startSession } from './support/starting.js';
import { readyAgain, rejection } from './support/waiting.js';

async function start(retry: RetryOptions, server: ScriptedServerOptions = {}) {
  const scripted = await startScripted(server);
  const session = startSession({
    transport: webSocket(scripted.url),
    retry: { connect: { delayMs: () => 1 }, ...retry },
  });
  await session.ready();
  return { server: scripted, session };
}

const reads = (server: ScriptedServer): number => server.executions.length;
/** Answers with GraphQL errors the first `times` times. */
const failing = (times: number, code = 'BUSY'): ScriptedServerOptions['answer'] => {
  let left = times;
  return () => (left-- > 0 ? { errors: [{ message: 'No', extensions: { code } }] } : { data: { ok: true } });
};

describe('Calls', () => {
  test('are tried five times by default; the last failure is the one that is thrown, with the number of attempts', async () => {
    const { server, session } = await start({}, { script: dropsOnOperation() });
    const error = await rejection(session.execute('{ ok }'));
    expect(error).toBeInstanceOf(ConnectionLostError);
    expect(error).toMatchObject({
      code: 'closed',
      closeCode: 1006,
      attempts: 5,
      delivery: 'unknown',
      retryable: true,
      failure: { code: 'closed', closeCode: 1006 },
    });
    expect(reads(server)).toBe(5);
  });

  test('may be tried three times, but not for GraphQL errors', async () => {
    const { server, session } = await start({ execute: { attempts: 3 } }, { script: dropsOnOperation({ times: 3 }) });
    expect(await rejection(session.execute('{ ok }'))).toMatchObject({ name: 'ConnectionLostError', attempts: 3 });
    expect(reads(server)).toBe(3);

    const refusing = await start({ execute: { attempts: 3 } }, { answer: failing(1) });
    const error = await rejection(refusing.session.execute('{ ok }'));
    expect(error).toBeInstanceOf(GraphQLResultError);
    expect(error).toMatchObject({ attempts: 1, errors: [{ message: 'No' }] });
    expect(reads(refusing.server)).toBe(1);
  });

  test('may be tried once, while the session still heals itself', async () => {
    const { server, session } = await start({ execute: false }, { script: dropsOnOperation({ times: 1 }) });
    expect(await rejection(session.execute('{ ok }'))).toMatchObject({ name: 'ConnectionLostError', attempts: 1 });
    await readyAgain(session, 2);
    expect(await session.execute('{ ok }')).toEqual({ ok: true });
    expect(reads(server)).toBe(2);
  });

  test('may be tried again on GraphQL errors too, by a verdict of the program', async () => {
    const verdict = ({ code }: Failure) => (code === 'graphql-errors' ? 'retry' : undefined);
    const { server, session } = await start({ execute: { verdict, delayMs: () => 1 } }, { answer: failing(2) });
    const { data, meta } = await session.result('{ ok }');
    expect(data).toEqual({ ok: true });
    expect(meta).toMatchObject({ attempts: 3, generation: 1 });
    expect(reads(server)).toBe(3);
  });

  test('that never succeed on GraphQL errors end with the last of them', async () => {
    const { server, session } = await start(
      { execute: { attempts: 3, verdict: () => 'retry', delayMs: () => 1 } },
      { answer: failing(9) },
    );
    const error = await rejection(session.execute('{ ok }'));
    expect(error).toBeInstanceOf(GraphQLResultError);
    expect(error).toMatchObject({ attempts: 3, errors: [{ message: 'No' }] });
    expect(reads(server)).toBe(3);
  });

  test('may be judged by extensions.code, and the verdict is told what it decides about', async () => {
    const asked: RetryContext[] = [];
    const verdict = ({ errors }: Failure, context: RetryContext) => {
      asked.push(context);
      return errors?.[0]?.extensions?.code === 'BUSY' ? 'retry' : 'fail';
    };
    const busy = await start({ execute: { verdict, delayMs: () => 1 } }, { answer: failing(1, 'BUSY') });
    expect(await busy.session.execute('query Q { ok }')).toEqual({ ok: true });
    const wrong = await start({ execute: { verdict, delayMs: () => 1 } }, { answer: failing(1, 'BAD_INPUT') });
    expect(await rejection(wrong.session.execute('mutation M { ok }'))).toMatchObject({ attempts: 1 });
    expect(asked).toEqual([
      { subject: 'execute', attempt: 1, delivery: 'answered', kind: 'query', operationName: 'Q' },
      { subject: 'execute', attempt: 1, delivery: 'answered', kind: 'mutation', operationName: 'M' },
    ]);
  });

  test('may have a rule of their own', async () => {
    const { server, session } = await start({ execute: { attempts: 2 } }, { script: dropsOnOperation({ times: 6 }) });
    expect(await rejection(session.execute('{ ok }', {}, { retry: false }))).toMatchObject({ attempts: 1 });
    expect(await rejection(session.execute('{ ok }', {}, { retry: { attempts: 3 } }))).toMatchObject({ attempts: 3 });
    expect(await rejection(session.execute('{ ok }'))).toMatchObject({ attempts: 2 });
    expect(reads(server)).toBe(6);
  });

  test.each(dialects)(
    'that are mutations on the way are never sent again, whatever a verdict says (%s)',
    async (dialect) => {
      const verdict = vi.fn(() => 'retry' as const);
      const options = { subprotocols: [dialect], script: dropsOnOperation({ times: 1 }) };
      const { server, session } = await start({ execute: { attempts: 9, verdict, delayMs: () => 1 } }, options);
      const error = await rejection(session.execute('mutation { ok }'));
      expect(error).toBeInstanceOf(OutcomeUnknownError);
      expect(error).toMatchObject({ attempts: 1, retryable: false });
      expect(verdict).not.toHaveBeenCalled();
      await session.execute('{ ok }');
      expect(server.executions.map(({ kind }) => kind)).toEqual(['mutation', 'query']);
    },
  );

  test('are executed once when all is well, whatever the rules say', async () => {
    for (const retry of [{ connect: false, execute: false }, { execute: { attempts: 9 } }] as const) {
      const { server, session } = await start(retry);
      await session.execute('{ ok }');
      await session.execute('mutation { ok }');
      expect(reads(server)).toBe(2);
      expect(server.upgrades).toBe(1);
    }
  });

  test('survive a rule that throws: the built-in tables decide, and the mistake is shown', async () => {
    const shown = vi.spyOn(console, 'error').mockImplementation(() => {});
    try {
      const verdict = () => {
        throw new Error('my mistake');
      };
      const { session } = await start({ execute: { verdict } }, { script: dropsOnOperation({ times: 1 }) });
      expect(await session.execute('{ ok }')).toEqual({ ok: true });
      expect(shown).toHaveBeenCalledWith(
        expect.stringContaining('verdict'),
        expect.objectContaining({ message: 'my mistake' }),
      );
    } finally {
      shown.mockRestore();
    }
  });
});

describe('Subscriptions', () => {
  const document = 'subscription { n }';

  test('may be restarted three times, but not for GraphQL errors', async () => {
    const { server, session } = await start({ subscribe: { attempts: 4 } }, { script: dropsOnOperation() });
    const types: string[] = [];
    const consume = async (): Promise<void> => {
      for await (const { type } of session.subscribe(document)) types.push(type);
    };
    const error = await rejection(consume());
    expect(error).toBeInstanceOf(ConnectionLostError);
    expect(error).toMatchObject({ attempts: 4, closeCode: 1006 });
    expect(new Set(types)).toEqual(new Set(['gap']));
    expect(reads(server)).toBe(4);

    const refusing = await start({ subscribe: { attempts: 4 } });
    const events = refusing.session.subscribe(document);
    await refusing.server.received('start');
    refusing.server.subscriptions[0]?.error([{ message: 'No' }]);
    expect(await rejection(events.next())).toMatchObject({ name: 'GraphQLResultError', errors: [{ message: 'No' }] });
    expect(reads(refusing.server)).toBe(1);
  });

  test('begin to count anew with every event: only restarts in a row are bounded', async () => {
    const { server, session } = await start({ subscribe: { attempts: 2 } });
    const events = session.subscribe(document);
    for (let round = 1; round <= 4; round++) {
      await server.received('start', { count: round });
      server.publish({ data: { n: round } });
      if (round > 1) expect(await events.next()).toMatchObject({ value: { type: 'gap' } });
      expect(await events.next()).toMatchObject({ value: { type: 'data', data: { n: round } } });
      server.connections[round - 1]?.drop();
    }
  });

  test('may be left to end with their connection', async () => {
    const { server, session } = await start({ subscribe: false });
    const events = session.subscribe(document);
    await server.received('start');
    server.publish({ data: { n: 1 } });
    server.connections[0]?.dropAfterSending();
    expect(await events.next()).toMatchObject({ value: { type: 'data', data: { n: 1 } } });
    expect(await rejection(events.next())).toMatchObject({ name: 'ConnectionLostError', attempts: 1 });
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });
});
