// The ledger as a table for people.

import { plural, seconds } from '../words.js';
import type { FaultRecord } from './faults.js';
import type { CallCounts, Ledger } from './ledger.js';

export function report(ledger: Ledger): string {
  const { calls, writes, events, sockets, faults, problems } = ledger;
  const rows: (readonly [string, string])[] = [
    ['Queries', countsOf(calls.queries)],
    ['Mutations', countsOf(calls.mutations)],
    [
      'Writes',
      `${writes.applied} in the journal, ${writes.appliedTwice} of them twice: ${writes.answeredAndApplied} answered, ` +
        `${writes.unknownAndApplied} unknown; ${plural(writes.unknownAndNotApplied, 'unknown one', 'unknown ones')} never ran`,
    ],
    [
      'Events',
      `${events.published} published: ${events.delivered} delivered in order, ${events.missedInGaps} missed inside ` +
        `${plural(events.gaps, 'gap')}, ${events.unaccounted} unaccounted for`,
    ],
    ['Sockets', `${sockets.opened} opened at the proxy, ${plural(sockets.generations, 'generation')} in the session`],
    ['Requests', `${sockets.requests} sent, those of the subscription and repeated ones included`],
    ...faults.map((fault): readonly [string, string] => [`After ${fault.kind}`, recoveryOf(fault)]),
  ];
  const verdict = ledger.balanced
    ? 'The ledger balances.'
    : ['The ledger does NOT balance:', ...problems.map((problem) => `  - ${problem}`)].join('\n');
  return ['Ledger', ...rows.map(([name, value]) => `  ${name.padEnd(17)}${value}`), '', verdict].join('\n');
}

function countsOf({ made, answered, sentAgain, outcomeUnknown, notSent, failed }: CallCounts): string {
  const parts = [`${made} made`, `${answered} answered`];
  if (sentAgain > 0) parts.push(`${sentAgain} sent again after a fault`);
  if (outcomeUnknown > 0) parts.push(`${outcomeUnknown} reported as outcome unknown`);
  if (notSent > 0) parts.push(`${notSent} reported as never sent`);
  if (failed > 0) parts.push(`${failed} failed`);
  return parts.join(', ');
}

function recoveryOf({ noticedAfterMs, readyAfterMs, firstAnswerAfterMs }: FaultRecord): string {
  const when = (ms: number | undefined): string => (ms === undefined ? 'never' : `after ${seconds(ms)}`);
  const ready = readyAfterMs === undefined ? '' : `, ready ${when(readyAfterMs)}`;
  return `noticed ${when(noticedAfterMs)}${ready}, first call answered ${when(firstAnswerAfterMs)}`;
}
