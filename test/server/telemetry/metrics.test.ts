// The figures of a server as Prometheus reads them.

import { describe, expect, test } from 'vitest';
import * as CloseCode from '../../../src/protocol/close-codes.js';
import { metricsContentType, renderMetrics } from '../../../src/server/telemetry/metrics.js';
import { type FakeCore, fakeCore } from '../support/core.js';
import { type Family, readPrometheus } from './prometheus-text.js';

const unused = (): never => {
  throw new Error('not used');
};

function read(core: FakeCore): ReadonlyMap<string, Family> {
  return readPrometheus(renderMetrics(core));
}

/** The samples of one family, without its prefix. */
function samples(core: FakeCore, name: string): Record<string, number> {
  const family = read(core).get(`holdfast_${name}`);
  return Object.fromEntries([...(family?.samples ?? [])].map(([key, value]) => [key.replace('holdfast_', ''), value]));
}

describe('the text for Prometheus', () => {
  test('has every family with its help and type, from the first moment', () => {
    const families = read(fakeCore(unused));
    expect([...families].map(([name, { type }]) => `${type} ${name}`)).toEqual([
      'gauge holdfast_ready',
      'gauge holdfast_connections',
      'gauge holdfast_principals',
      'gauge holdfast_operations_running',
      'gauge holdfast_event_sources',
      'counter holdfast_connections_opened_total',
      'counter holdfast_connections_closed_total',
      'counter holdfast_failed_sockets_total',
      'counter holdfast_operations_total',
      'counter holdfast_events_sent_total',
      'counter holdfast_limits_hit_total',
      'histogram holdfast_operation_duration_seconds',
    ]);
    expect(metricsContentType).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  test('shows what the server holds at this moment', async () => {
    const core = fakeCore(unused);
    Object.assign(core.counters, { connections: 3, operations: 7, sources: 5, failedSockets: 2 });
    const leave = core.admission.enterAs('Ada');
    const value = (name: string) => samples(core, name)[name];
    expect(value('connections')).toBe(3);
    expect(value('operations_running')).toBe(7);
    expect(value('event_sources')).toBe(5);
    expect(value('failed_sockets_total')).toBe(2);
    expect(value('principals')).toBe(1);
    expect(value('ready')).toBe(1);
    leave?.();
    await core.life.drain({});
    expect(value('principals')).toBe(0);
    expect(value('ready')).toBe(0);
  });

  test('counts operations by kind and outcome, and those that never became known apart', () => {
    const core = fakeCore(unused);
    const { telemetry } = core;
    telemetry.ended('query', 'ok', 0, undefined);
    telemetry.ended('query', 'ok', 0, undefined);
    telemetry.ended('query', 'partial', 0, undefined);
    telemetry.ended('mutation', 'failed', 0, undefined);
    telemetry.ended('subscription', 'stopped', 0, undefined);
    telemetry.ended(undefined, 'refused', 0, undefined);
    const counted = Object.entries(samples(core, 'operations_total')).filter(([, count]) => count > 0);
    expect(Object.fromEntries(counted)).toEqual({
      'operations_total{kind="query",outcome="ok"}': 2,
      'operations_total{kind="query",outcome="partial"}': 1,
      'operations_total{kind="mutation",outcome="failed"}': 1,
      'operations_total{kind="subscription",outcome="stopped"}': 1,
      'operations_total{kind="unknown",outcome="refused"}': 1,
    });
    expect(Object.keys(samples(core, 'operations_total'))).toHaveLength(4 * 5);
  });

  test('puts durations into the buckets up to whose bounds they are', () => {
    const core = fakeCore(unused);
    for (const durationMs of [0.5, 1, 1.5, 40, 4_000_000]) {
      const startedAt = core.timers.now();
      core.timers.advance(durationMs);
      core.telemetry.ended('query', 'ok', startedAt, undefined);
    }
    const buckets = samples(core, 'operation_duration_seconds');
    const upTo = (le: string) => buckets[`operation_duration_seconds_bucket{kind="query",le="${le}"}`];
    expect(['0.001', '0.0025', '0.025', '0.05', '3600', '+Inf'].map(upTo)).toEqual([2, 3, 3, 4, 4, 5]);
    expect(buckets['operation_duration_seconds_sum{kind="query"}']).toBeCloseTo(4000.043, 6);
    expect(buckets['operation_duration_seconds_count{kind="query"}']).toBe(5);
    expect(buckets['operation_duration_seconds_count{kind="mutation"}']).toBe(0);
  });

  test('a peer that closes with thousands of codes of its own makes one series', () => {
    const core = fakeCore(unused);
    for (let code = 3000; code < 5000; code++) core.telemetry.connectionClosed(code);
    core.telemetry.connectionClosed(1000);
    core.telemetry.connectionClosed(1000);
    const closed = samples(core, 'connections_closed_total');
    const own = Object.values(CloseCode).filter((code) => code >= 3000).length;
    expect(closed['connections_closed_total{code="other"}']).toBe(2000 - own);
    expect(closed['connections_closed_total{code="1000"}']).toBe(2);
    expect(closed['connections_closed_total{code="4403"}']).toBe(1);
    expect(Object.keys(closed)).toHaveLength(own + 2);
  });

  test('counts connections opened, events sent, and limits by their options', () => {
    const core = fakeCore(unused);
    core.telemetry.connectionOpened();
    core.telemetry.event(undefined);
    core.telemetry.event(undefined);
    core.telemetry.limited('limits.depth');
    core.telemetry.limited('limits.depth');
    core.telemetry.limited('executionTimeoutMs');
    expect(samples(core, 'connections_opened_total')).toEqual({ connections_opened_total: 1 });
    expect(samples(core, 'events_sent_total')).toEqual({ events_sent_total: 2 });
    expect(samples(core, 'limits_hit_total')).toEqual({
      'limits_hit_total{option="limits.depth"}': 2,
      'limits_hit_total{option="executionTimeoutMs"}': 1,
    });
  });
});

describe('the reader of these tests', () => {
  const head = '# HELP a_total Help.\n# TYPE a_total counter\n';
  const histogram = '# HELP h Help.\n# TYPE h histogram\n';
  test.each([
    ['no line feed at the end', `${head}a_total 1`],
    ['a sample before its family', 'a_total 1\n'],
    ['a sample of another family', `${head}b_total 1\n`],
    ['a counter that is not named as one', '# HELP a Help.\n# TYPE a counter\na 1\n'],
    ['the same series twice', `${head}a_total 1\na_total 2\n`],
    ['the same family twice', `${head}a_total 1\n${head}`],
    ['labels without quotes', `${head}a_total{b=c} 1\n`],
    ['a quote in a label', `${head}a_total{b="c"d"} 1\n`],
    ['something that is no number', `${head}a_total undefined\n`],
    ['an empty line', `${head}\na_total 1\n`],
    ['buckets that fall', `${histogram}h_bucket{le="1"} 2\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n`],
    ['no bucket +Inf', `${histogram}h_bucket{k="v",le="1"} 2\nh_sum{k="v"} 1\nh_count{k="v"} 2\n`],
    [
      'a count that is not that of all buckets',
      `${histogram}h_bucket{k="v",le="+Inf"} 2\nh_sum{k="v"} 1\nh_count{k="v"} 1\n`,
    ],
  ])('refuses %s', (_, text) => {
    expect(() => readPrometheus(text)).toThrow();
  });
});
