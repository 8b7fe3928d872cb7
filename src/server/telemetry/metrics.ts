// A server's figures in the text exposition format of Prometheus, version 0.0.4: lines of HELP and TYPE, then samples. Which
// series there are depends on this code alone, never on what a peer sends.

import type { ServerCore } from '../core.js';
import { durationBounds, type KindTally } from './tally.js';

/** The media type that these figures are answered with. */
export const metricsContentType = 'text/plain; version=0.0.4; charset=utf-8';

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [labels: Labels, value: number];
type Kinds = readonly (readonly [kind: string, KindTally])[];

export function renderMetrics(core: Pick<ServerCore, 'counters' | 'telemetry' | 'life' | 'admission'>): string {
  const { counters, life, admission } = core;
  const { tally } = core.telemetry;
  const kinds = Object.entries(tally.kinds);
  return [
    gauge('ready', 'Whether new clients are welcome: 1, or 0 from when the server drains.', life.isReady ? 1 : 0),
    gauge('connections', 'WebSockets that have not ended.', counters.connections),
    gauge('principals', 'Principals that hold a WebSocket or an event stream.', admission.principals),
    gauge('operations_running', 'Operations that have not been answered to the end.', counters.operations),
    gauge('event_sources', 'Event sources that were opened and have not ended.', counters.sources),
    counter('connections_opened_total', 'WebSockets that were opened.', [[{}, tally.connectionsOpened]]),
    counter(
      'connections_closed_total',
      'WebSockets that ended, by close code.',
      [...tally.connectionsClosed].map(([code, count]) => [{ code: String(code) }, count]),
    ),
    counter('failed_sockets_total', 'WebSockets that were failed for breaking RFC 6455 or the message limit.', [
      [{}, counters.failedSockets],
    ]),
    counter(
      'operations_total',
      'Operations that ended, by kind and outcome.',
      kinds.flatMap(([kind, { outcomes }]) =>
        Object.entries(outcomes).map(([outcome, count]): Sample => [{ kind, outcome }, count]),
      ),
    ),
    counter('events_sent_total', 'Events of subscriptions and parts of answers.', [[{}, tally.events]]),
    counter(
      'limits_hit_total',
      'What was turned away, by the option that holds the limit.',
      [...tally.limited].map(([option, count]) => [{ option }, count]),
    ),
    histogram('operation_duration_seconds', 'From when an operation was asked for to its end, by kind.', kinds),
  ].join('');
}

function gauge(name: string, help: string, value: number): string {
  return head(name, help, 'gauge') + sample(name, {}, value);
}

function counter(name: string, help: string, samples: readonly Sample[]): string {
  return head(name, help, 'counter') + samples.map(([labels, value]) => sample(name, labels, value)).join('');
}

function histogram(name: string, help: string, kinds: Kinds): string {
  return head(name, help, 'histogram') + kinds.map(([kind, tally]) => buckets(name, { kind }, tally)).join('');
}

/** Each bucket counts everything up to its bound, so that those below are part of it. */
function buckets(name: string, labels: Labels, { durations, durationSumMs }: KindTally): string {
  let count = 0;
  const lines = durations.map((between, index) => {
    count += between;
    const bound = durationBounds[index];
    return sample(`${name}_bucket`, { ...labels, le: bound === undefined ? '+Inf' : String(bound) }, count);
  });
  return lines.join('') + sample(`${name}_sum`, labels, durationSumMs / 1000) + sample(`${name}_count`, labels, count);
}

function head(name: string, help: string, type: string): string {
  return `# HELP holdfast_${name} ${help}\n# TYPE holdfast_${name} ${type}\n`;
}

function sample(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${text}"`);
  return `holdfast_${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}\n`;
}
