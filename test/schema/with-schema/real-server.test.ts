// `withSchema` against a real server, over every way to it: the schema is asked for, bad calls never leave, good ones arrive.

import { describe, expect, test } from 'vitest';
import { SchemaError } from '../../../src/schema/errors/schema-error.js';
import { ValidationError } from '../../../src/schema/errors/validation-error.js';
import { type WithSchemaOptions, withSchema } from '../../../src/schema/with-schema.js';
import type { Session } from '../../../src/session/session.js';
import type { Transport } from '../../../src/transport/contract.js';
import { viaFetch } from '../../../src/transport/fetch/index.js';
import { local } from '../../../src/transport/local/index.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import type { JournalServer } from '../../session/behaviour/support/journal-server.js';
import { startJournal, startProxy, startSession } from '../../session/behaviour/support/starting.js';
import { until } from '../../session/behaviour/support/waiting.js';
import { rejection } from '../../session/support/harness.js';

const echo = 'query Echo($text: String!) { echo(text: $text) }';
const misspelt = 'query Misspelt { ehco(text: "x") }';

function start(transport: Transport, options: WithSchemaOptions = {}): { session: Session; sent: string[] } {
  const session = startSession({
    transport,
    interceptors: { call: [withSchema({ schemaFirst: true, ...options })] },
  });
  const sent: string[] = [];
  session.on('operation', (notice) => {
    if (notice.type === 'sending') sent.push(notice.operation.name ?? notice.operation.kind);
  });
  return { session, sent };
}

describe.each<readonly [string, (server: JournalServer) => Transport]>([
  ['graphql-transport-ws', ({ url }) => webSocket(url, { protocols: ['graphql-transport-ws'] })],
  ['graphql-ws', ({ url }) => webSocket(url, { protocols: ['graphql-ws'] })],
  ['HTTP', ({ url }) => viaFetch(url.replace('ws:', 'http:'))],
  ['no network', ({ server }) => local(server.executor)],
])('over %s', (_, to) => {
  test('an invalid call fails at once with the error itself, a valid one is answered', async () => {
    const server = await startJournal({ development: true });
    const { session, sent } = start(to(server));
    const error = await rejection(session.execute(misspelt), ValidationError);
    expect(error.suggestions).toEqual(['echo']);
    expect(await session.execute(echo, { text: 'hi' })).toEqual({ echo: 'hi' });
    expect((await rejection(session.execute(echo, { text: 7 }), ValidationError)).path).toEqual(['variables', 'text']);
    expect(sent).not.toContain('Misspelt');
    expect(server.queries).toEqual(['hi']);
  });

  test('an invalid subscription is refused before it is sent, a valid one gets its events', async () => {
    const server = await startJournal({ development: true });
    const { session, sent } = start(to(server));
    const bad = session.subscribe('subscription Misspelt { number }')[Symbol.asyncIterator]();
    await rejection(Promise.resolve(bad.next()), ValidationError);
    const events = session.subscribe('subscription Numbers { numbers }');
    await until(() => server.subscriptions.running === 1);
    server.publish(7);
    for await (const event of events) {
      expect(event).toMatchObject({ type: 'data', data: { numbers: 7 } });
      break;
    }
    expect(sent).not.toContain('Misspelt');
  });

  test('a server that does not tell its schema answers unchecked calls, and its session says why once', async () => {
    const server = await startJournal({ development: false });
    const errors: Error[] = [];
    const { session } = start(to(server), { onError: (error) => errors.push(error) });
    expect(await session.execute(echo, { text: 'hi' })).toEqual({ echo: 'hi' });
    expect((await session.result(misspelt)).errors?.length).toBe(1);
    expect(errors).toEqual([expect.any(SchemaError)]);
    expect(errors[0]).toMatchObject({ code: 'introspection-disabled' });
    expect(session.state.status).toBe('ready');
  });
});

test('a server that comes late, and whose connections break while it is asked, is checked against all the same', async () => {
  const server = await startJournal({ development: true });
  const proxy = await startProxy(server);
  proxy.refuse();
  const { session } = start(webSocket(`ws://127.0.0.1:${proxy.port}/graphql`));
  const refused = rejection(session.execute(misspelt), ValidationError);
  await until(() => proxy.refused > 2);
  proxy.stall('down');
  proxy.accept();
  await until(() => proxy.accepted > 0);
  proxy.cut();
  proxy.resume('down');
  expect((await refused).suggestions).toEqual(['echo']);
  expect(await session.execute(echo, { text: 'hi' })).toEqual({ echo: 'hi' });
});
