// One session that asks for much of a server with the limits that it has by default.

import { describe, expect, onTestFinished, test } from 'vitest';
import { createSession } from '../../../src/connect.js';
import type { ServerLimits } from '../../../src/server/server-limits.js';
import { GraphQLResultError } from '../../../src/session/errors/graphql-result-error.js';
import type { Session } from '../../../src/session/session.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { rejection } from '../../session/support/harness.js';
import { startServer, type TestServer, until } from '../support/serving.js';
import { dialects } from './support/peer.js';

async function start(
  subprotocol: (typeof dialects)[number],
  limits: ServerLimits = {},
): Promise<{ server: TestServer; session: Session }> {
  const server = await startServer({ limits });
  const session = createSession({
    transport: webSocket(server.ws, { protocols: [subprotocol] }),
    // At a hundred a second, on a machine that has more to do.
    deadlineMs: 80_000,
  });
  onTestFinished(async () => {
    await session.close();
    await server[Symbol.asyncDispose]();
  });
  return { server, session };
}

// Real seconds have to pass: side by side.
describe.concurrent.each(dialects)('%s', (subprotocol) => {
  test('a thousand queries at once are all answered', { timeout: 90_000 }, async ({ expect }) => {
    const { session } = await start(subprotocol);
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => session.result('{ hello }')));
    expect(
      new Set(answers.map((answer) => JSON.stringify([answer.data, answer.errors, answer.meta.attempts]))),
    ).toEqual(new Set(['[{"hello":"Hello world"},null,1]']));
  });

  test('a thousand mutations at once all run, once, in their order', { timeout: 90_000 }, async ({ expect }) => {
    const { session } = await start(subprotocol);
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, () => session.execute('mutation { add(amount: 1) }')),
    );
    expect(answers).toEqual(Array.from({ length: 1_000 }, (_, n) => ({ add: n + 1 })));
  });
});

describe.each(dialects)('%s: with subscriptions in all places but one', (subprotocol) => {
  test('calls take turns; with one subscription more they, and further subscriptions, are told what is too much', async () => {
    const { server, session } = await start(subprotocol);
    const subscribe = (): Promise<unknown> => {
      const next = session.subscribe('subscription { forever(name: "a") }').next();
      next.catch(() => {});
      return next;
    };
    const running = (): number => server.probe.began.filter((name) => name === 'forever').length;
    for (let n = 0; n < 99; n++) subscribe();
    await until(() => running() === 99);
    const calls = Array.from({ length: 20 }, () => session.execute('{ hello }'));
    expect(await Promise.all(calls)).toEqual(Array(20).fill({ hello: 'Hello world' }));

    subscribe();
    await until(() => running() === 100);
    const call = await rejection(session.execute('{ hello }'), GraphQLResultError);
    const another = await rejection(subscribe(), GraphQLResultError);
    for (const { errors } of [call, another]) {
      expect(errors).toMatchObject([
        { message: /"limits.operationsPerConnection"/, extensions: { code: 'TOO_MANY_OPERATIONS' } },
      ]);
    }
    expect(session.state).toMatchObject({ status: 'ready', generation: 1 });
  });
});

test.concurrent('small limits are kept to as well, also where messages are held up on the way', {
  timeout: 90_000,
}, async ({ expect }) => {
  // Half a burst has room for all that can be on its way.
  const limits = { operationsPerConnection: 2, messagesPerSecond: 20, messageBurst: 8 };
  const { session } = await start('graphql-transport-ws', limits);
  const answers = await Promise.all(Array.from({ length: 40 }, () => session.execute('{ hello }')));
  expect(answers).toEqual(Array(40).fill({ hello: 'Hello world' }));
});
