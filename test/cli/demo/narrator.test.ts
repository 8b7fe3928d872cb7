// The demo as plain lines.

import { expect, test } from 'vitest';
import { Narrator } from '../../../src/cli/demo/narrator.js';
import { presenterFor } from '../../../src/cli/demo/presenter.js';
import {
  begun,
  connecting,
  event,
  fault,
  gap,
  listens,
  ready,
  recovered,
  recoveredPool,
  settled,
  waiting,
} from './live/happenings.js';

test('Each thing that a person should know is a line, with the time and who it concerns', () => {
  const lines: string[] = [];
  const narrator = new Narrator(
    (line) => lines.push(line),
    () => 12_345,
  );
  const happenings = [
    listens,
    connecting(1),
    ready(1),
    begun,
    settled(),
    event(1),
    fault,
    waiting(730),
    settled({ kind: 'mutation', outcome: 'unknown' }),
    { type: 'outcomes-unknown', count: 2 } as const,
    settled({ outcome: 'failed', error: 'No such product.' }),
    settled({ kind: 'mutation', subject: 'order-01', sends: 2, replayed: true }),
    settled({ kind: 'mutation', subject: 'order-02', sends: 2 }),
    { ...listens, again: true },
    gap(),
    event(10, 2),
    event(11, 0),
    recovered,
    recoveredPool,
    { type: 'every-call-settled' } as const,
  ];
  for (const happening of happenings) narrator.tell(happening);
  expect(lines).toEqual([
    ' 12.35 s  server   process 42 listens on port 4000',
    ' 12.35 s  session  connecting, generation 1',
    ' 12.35 s  session  ready, generation 1',
    '',
    ' 12.35 s  FAULT    The connection is cut: both sides see it end.',
    '                   In flight: 3 queries and 1 mutation',
    ' 12.35 s  session  not connected: The peer fell silent.',
    '                   next attempt in 0.73 s',
    ' 12.35 s  callers  2 mutations sent and not answered: outcome unknown, so they are not sent again (queries are)',
    ' 12.35 s  callers  query rope failed: No such product.',
    ' 12.35 s  callers  mutation order-01 sent again under its key, and answered: it had run, and did not run again',
    ' 12.35 s  callers  mutation order-02 sent again under its key, and answered: it had not run before',
    ' 12.35 s  server   process 42 listens on port 4000; it has read its journal',
    ' 12.35 s  feed     gap after event 7 (connection-lost): events of the last 2.50 s may be missing',
    ' 12.35 s  feed     goes on with event 10: 2 events fell into the gap',
    ' 12.35 s  feed     goes on with event 11: nothing was missed',
    ' 12.35 s  session  recovered: ready 0.40 s after the fault, first call answered after 0.50 s',
    ' 12.35 s  session  recovered: first call answered 0.50 s after the fault',
    ' 12.35 s  callers  every call has settled; the last orders are on their way',
  ]);
});

test.each([
  ['a pipe', false, {}],
  ['a terminal that can do nothing', true, { TERM: 'dumb' }],
])('%s gets plain lines', (_name, isTTY, env) => {
  const writes: string[] = [];
  const output = { isTTY, columns: 80, rows: 24, write: (text: string) => writes.push(text) };
  using presenter = presenterFor(output, env, () => 0);
  presenter.tell(ready(1));
  expect(writes).toEqual(['  0.00 s  session  ready, generation 1\n']);
});
