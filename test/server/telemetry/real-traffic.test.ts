// A server's figures after real traffic: what happened is what was counted, once.

import { expect, test } from 'vitest';
import { coreOf } from '../../../src/server/server.js';
import { renderMetrics } from '../../../src/server/telemetry/metrics.js';
import { RawClient } from '../support/client.js';
import { startServer, type TestServer, until } from '../support/serving.js';
import { readPrometheus } from './prometheus-text.js';

/** All samples that are not 0, by their names without the prefix. Durations depend on the machine: only their counts. */
function figures({ server }: TestServer): Record<string, number> {
  const samples = [...readPrometheus(renderMetrics(coreOf(server))).values()].flatMap((family) => [...family.samples]);
  const kept = samples.filter(([name, value]) => value !== 0 && !/_seconds_(bucket|sum)/.test(name));
  return Object.fromEntries(kept.map(([name, value]) => [name.replace('holdfast_', ''), value]));
}

async function post(url: string, query: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) });
  await response.text();
}

test('HTTP and WebSocket count into the same figures', async () => {
  await using started = await startServer();
  const { url, ws } = started;
  await post(url, '{ hello }');
  await post(url, '{ fails hello }');
  await post(url, '{ fails hello }');
  await post(url, 'mutation { add(amount: 1) }');
  await post(url, '{ nothing }');

  const client = await RawClient.accepted(ws);
  const ask = (id: string, query: string) => client.send({ type: 'subscribe', id, payload: { query } });
  ask('1', 'subscription { count(to: 3) }');
  ask('2', 'subscription { forever(name: "left") }');
  ask('3', '{ hello ');
  const done = (id: string) => client.unread.some((one) => one.id === id && one.type !== 'next');
  await until(() => done('1') && done('3') && client.unread.some(({ id }) => id === '2'));
  expect(figures(started)).toMatchObject({ connections: 1, operations_running: 1, event_sources: 1 });

  client.ws.close(4999);
  await client.ended;
  await until(() => figures(started).event_sources === undefined && figures(started).connections === undefined);
  expect(figures(started)).toEqual({
    ready: 1,
    connections_opened_total: 1,
    'connections_closed_total{code="other"}': 1,
    'operations_total{kind="query",outcome="ok"}': 1,
    'operations_total{kind="query",outcome="partial"}': 2,
    'operations_total{kind="mutation",outcome="ok"}': 1,
    'operations_total{kind="unknown",outcome="refused"}': 2,
    'operations_total{kind="subscription",outcome="ok"}': 1,
    'operations_total{kind="subscription",outcome="stopped"}': 1,
    events_sent_total: 4,
    'operation_duration_seconds_count{kind="query"}': 3,
    'operation_duration_seconds_count{kind="mutation"}': 1,
    'operation_duration_seconds_count{kind="subscription"}': 2,
    'operation_duration_seconds_count{kind="unknown"}': 2,
  });
});
