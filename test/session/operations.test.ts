// The operations table: whose turn it is, what counts against its bounds, and how the culprit is found.

import { describe, expect, test } from 'vitest';
import { Attempt, parked } from '../../src/session/operation.js';
import { OperationTable, type TableBounds } from '../../src/session/operations.js';
import { attemptOf, TestOperation } from './support/test-operation.js';

const unbounded: TableBounds = { maxInFlight: Number.POSITIVE_INFINITY, maxWaiting: Number.POSITIVE_INFINITY };

function tableOf(names: string, bounds: Partial<TableBounds> = {}): [OperationTable, ...TestOperation[]] {
  const table = new OperationTable({ ...unbounded, ...bounds });
  const operations = names.split('').map((name) => new TestOperation({ name, kind: kindOf(name) }));
  for (const operation of operations) table.admit(operation);
  return [table, ...operations];
}

/** Small letters are queries, capital ones subscriptions. */
function kindOf(name: string): 'query' | 'subscription' {
  return name === name.toLowerCase() ? 'query' : 'subscription';
}

/** Sends everything that may be sent now. */
function sendAll(table: OperationTable, generation: number = 1): string {
  let sent = '';
  for (let next = table.next(); next !== undefined; next = table.next()) {
    table.started(next, attemptOf(next, generation));
    sent += next.request.operationName;
  }
  return sent;
}

describe('the order of operations', () => {
  test('who comes first is sent first', () => {
    const [table] = tableOf('abc');
    expect(sendAll(table)).toBe('abc');
    expect(table.next()).toBeUndefined();
  });

  test('interrupted operations come back to the front, in the order in which they came', () => {
    const [table, a, b, c] = tableOf('abc');
    sendAll(table);
    table.admit(new TestOperation({ name: 'd' }));
    table.requeue([a, b, c] as TestOperation[]);
    expect(sendAll(table)).toBe('abcd');
  });

  test('who comes back later than another is still served before it where it came first', () => {
    const [table, a, b, c] = tableOf('abc');
    sendAll(table);
    table.requeue([a] as TestOperation[]);
    table.requeue([c, b] as TestOperation[]);
    expect(sendAll(table)).toBe('abc');
  });

  test('one that rests is not sent until it comes back, to the front', () => {
    const [table, a, b] = tableOf('ab');
    sendAll(table);
    table.rest(a as TestOperation, parked);
    table.requeue([b as TestOperation]);
    expect(table.next()).toBe(b);
    table.requeue([a as TestOperation]);
    expect(sendAll(table)).toBe('ab');
  });

  test('one that is settled, wherever it was, is gone', () => {
    const [table, a, b, c] = tableOf('abc');
    table.started(a as TestOperation, attemptOf(a as TestOperation));
    table.rest(b as TestOperation, { at: 'pausing', cancelTimer: () => {} });
    for (const operation of [a, b, c] as TestOperation[]) table.settle(operation);
    expect([table.size, table.waiting, table.callsInFlight, table.next()]).toEqual([0, 0, 0, undefined]);
    expect(a?.place).toEqual({ at: 'settled' });
  });

  test('the operations of one connection are found in the order of sending', () => {
    const [table, a, b, c] = tableOf('abc');
    table.started(b as TestOperation, attemptOf(b as TestOperation, 1));
    table.started(c as TestOperation, attemptOf(c as TestOperation, 2));
    table.started(a as TestOperation, attemptOf(a as TestOperation, 1));
    expect(table.runningOn(1)).toEqual([b, a]);
    expect([...table]).toHaveLength(3);
  });
});

describe('the bounds of the table', () => {
  test('maxInFlight holds calls back and lets subscriptions pass', () => {
    const [table, a] = tableOf('aBcD', { maxInFlight: 1 });
    expect(sendAll(table)).toBe('aBD');
    table.settle(a as TestOperation);
    expect(sendAll(table)).toBe('c');
  });

  test('maxInFlight holds suspects back as well', () => {
    const [table, a, b] = tableOf('ab', { maxInFlight: 1 });
    table.started(a as TestOperation, attemptOf(a as TestOperation, 1));
    table.requeue([...table.judge(1, true).interrupted]);
    table.started(b as TestOperation, attemptOf(b as TestOperation, 2));
    expect([a?.suspect, table.next()]).toEqual([true, undefined]);
    table.settle(b as TestOperation);
    expect(table.next()).toBe(a);
  });

  test('a call that rests or waits again does not count as in flight', () => {
    const [table, a, b] = tableOf('abc', { maxInFlight: 1 });
    sendAll(table);
    table.rest(a as TestOperation, { at: 'pausing', cancelTimer: () => {} });
    expect(sendAll(table)).toBe('b');
    table.requeue([b as TestOperation]);
    expect(table.callsInFlight).toBe(0);
  });

  test('maxWaiting refuses one more, and takes it when there is room', () => {
    const [table] = tableOf('ab', { maxWaiting: 2 });
    expect(table.admit(new TestOperation())).toBe(false);
    expect(table.size).toBe(2);
    sendAll(table);
    expect(table.admit(new TestOperation())).toBe(true);
  });

  test('interrupted operations are kept even where more wait than may', () => {
    const [table, a, b] = tableOf('ab', { maxWaiting: 2 });
    sendAll(table);
    expect(table.admit(new TestOperation()) && table.admit(new TestOperation())).toBe(true);
    table.requeue([a, b] as TestOperation[]);
    expect(table.waiting).toBe(4);
    expect(table.admit(new TestOperation())).toBe(false);
  });
});

describe('the trial of suspects', () => {
  /** Everything was sent on connection 1, which ended suspiciously, and waits again. */
  function suspectsOf(names: string): [OperationTable, ...TestOperation[]] {
    const [table, ...operations] = tableOf(names);
    sendAll(table);
    table.requeue([...table.judge(1, true).interrupted]);
    return [table, ...operations];
  }

  function send(table: OperationTable, generation: number): TestOperation | undefined {
    const next = table.next();
    if (next !== undefined) table.started(next, attemptOf(next, generation));
    return next as TestOperation | undefined;
  }

  test('a suspicious end makes suspects of everything on that connection, and of nothing else', () => {
    const [table, a, b] = tableOf('abc');
    table.started(a as TestOperation, attemptOf(a as TestOperation, 1));
    table.started(b as TestOperation, attemptOf(b as TestOperation, 2));
    expect(table.judge(1, true)).toEqual({ interrupted: [a], culprit: undefined });
    expect([...table].filter(({ suspect }) => suspect)).toEqual([a]);
  });

  test('an unsuspicious end makes no suspects', () => {
    const [table, a] = tableOf('a');
    sendAll(table);
    expect(table.judge(1, false)).toEqual({ interrupted: [a], culprit: undefined });
    expect(a?.suspect).toBe(false);
  });

  test('suspects are sent one at a time, each alone and before all others, the newest first', () => {
    const [table, a, b] = suspectsOf('ab');
    table.admit(new TestOperation({ name: 'x' }));
    expect(send(table, 2)).toBe(b);
    expect([table.onTrial, table.next()]).toEqual([b, undefined]);
    table.clear(b as TestOperation);
    expect(send(table, 2)).toBe(a);
    expect(table.next()).toBeUndefined();
    table.clear(a as TestOperation);
    expect(sendAll(table, 2)).toBe('x');
  });

  test('the one on trial when the connection is ended suspiciously again is the culprit; the others stay suspects', () => {
    const [table, a, b] = suspectsOf('ab');
    send(table, 2);
    expect(table.judge(2, true)).toEqual({ interrupted: [b], culprit: b });
    table.settle(b as TestOperation);
    expect([table.onTrial, a?.suspect, table.next()]).toEqual([undefined, true, a]);
  });

  test('one that was not alone on trial is the culprit only when it is so again, and is tried first, so that it is alone', () => {
    const [table, a, b, c] = suspectsOf('abc') as [OperationTable, TestOperation, TestOperation, TestOperation];
    expect(send(table, 2)).toBe(c);
    table.clear(c);
    expect(send(table, 2)).toBe(b);
    expect(table.judge(2, true)).toEqual({ interrupted: [c, b], culprit: undefined });
    table.requeue([b, c]);
    expect([a, b, c].map(({ suspect }) => suspect)).toEqual([true, true, true]);
    expect(send(table, 3)).toBe(b);
    expect(table.judge(3, true)).toEqual({ interrupted: [b], culprit: b });
    table.settle(b);
    expect(send(table, 4)).toBe(c);
  });

  test('one that was not alone on trial twice in a row is the culprit, alone or not', () => {
    const [table, a, b] = suspectsOf('ab') as [OperationTable, TestOperation, TestOperation];
    for (const generation of [2, 3]) {
      const company = new TestOperation({ name: 'x' });
      table.admit(company);
      table.started(company, attemptOf(company, generation));
      expect(send(table, generation)).toBe(b);
      const culprit = generation === 3 ? b : undefined;
      expect(table.judge(generation, true)).toEqual({ interrupted: [company, b], culprit });
      table.settle(company);
      table.requeue([b]);
    }
    expect(a.suspect).toBe(true);
  });

  test('one that was not alone on trial and then lived on is accused no more', () => {
    const [table, a, b] = suspectsOf('ab') as [OperationTable, TestOperation, TestOperation];
    table.clear(send(table, 2) as TestOperation);
    send(table, 2);
    table.judge(2, true);
    table.requeue([a, b]);
    expect(send(table, 3)).toBe(a);
    table.clear(a);
    expect(send(table, 3)).toBe(b);
    table.clear(b);
    expect(table.judge(3, true).culprit).toBeUndefined();
    table.requeue([a, b]);
    table.clear(send(table, 4) as TestOperation);
    expect(send(table, 4)).toBe(a);
    expect(table.judge(4, true).culprit).toBeUndefined();
  });

  test('a culprit explains the ends before it: who was on trial then is accused no more', () => {
    const [table, a, b, c] = suspectsOf('abc') as [OperationTable, TestOperation, TestOperation, TestOperation];
    table.clear(send(table, 2) as TestOperation);
    expect(send(table, 2)).toBe(b);
    expect(table.judge(2, true).culprit).toBeUndefined();
    table.rest(b, parked);
    table.requeue([c]);
    expect(send(table, 3)).toBe(c);
    expect(table.judge(3, true).culprit).toBe(c);
    table.settle(c);
    expect(send(table, 4)).toBe(a);
    table.clear(a);
    table.requeue([b]);
    expect(send(table, 4)).toBe(b);
    expect(table.judge(4, true).culprit).toBeUndefined();
  });

  test('one that was settled on trial is to blame also where others are unanswered: they are no suspects', () => {
    const [table, a, b] = suspectsOf('ab') as [OperationTable, TestOperation, TestOperation];
    table.clear(send(table, 2) as TestOperation);
    expect(send(table, 2)).toBe(a);
    table.settle(a);
    expect(table.judge(2, true, true)).toEqual({ interrupted: [b], culprit: undefined });
    expect(b.suspect).toBe(false);
  });

  test('what was stopped unanswered on the same connection is company: the server may still be at work on it', () => {
    const [table, a] = suspectsOf('a');
    expect(send(table, 2)).toBe(a);
    expect(table.judge(2, true, true)).toEqual({ interrupted: [a], culprit: undefined });
    expect(a?.suspect).toBe(true);
  });

  test('what was answered on the same connection is no company', () => {
    const [table, a, b] = suspectsOf('aB') as [OperationTable, TestOperation, TestOperation];
    expect(send(table, 2)).toBe(b);
    if (b.place.at === 'running') b.place.attempt.next({ data: {} }, 0);
    table.clear(b);
    send(table, 2);
    expect(table.judge(2, true)).toEqual({ interrupted: [b, a], culprit: a });
  });

  test('a trial that ends by an unsuspicious end was none: the suspect is tried again', () => {
    const [table, , b] = suspectsOf('ab');
    send(table, 2);
    expect(table.judge(2, false).culprit).toBeUndefined();
    table.requeue([b as TestOperation]);
    expect([table.onTrial, b?.suspect]).toEqual([undefined, true]);
    expect(send(table, 3)).toBe(b);
    expect(table.judge(3, true).culprit).toBe(b);
  });

  test('the end of another connection says nothing about the one on trial', () => {
    const [table, , b] = suspectsOf('ab');
    send(table, 2);
    expect(table.judge(1, true).culprit).toBeUndefined();
    expect(table.onTrial).toBe(b);
  });

  test('one that is settled on trial is still on its way to the server: nobody else is sent, and nobody else is blamed', () => {
    const [table, a, b] = suspectsOf('ab');
    const x = new TestOperation({ name: 'x' });
    table.admit(x);
    send(table, 2);
    table.settle(b as TestOperation);
    expect([table.onTrial, table.next()]).toEqual([b, undefined]);
    table.clear(b as TestOperation);
    expect(send(table, 2)).toBe(a);
    table.settle(a as TestOperation);
    expect(table.judge(2, true)).toEqual({ interrupted: [], culprit: undefined });
    expect([table.onTrial, x.suspect, table.next()]).toEqual([undefined, false, x]);
  });

  test('one that was not sent after all is neither suspected nor the culprit', () => {
    const [table, a, b] = suspectsOf('ab');
    const nobody = { sending: () => {}, answered: () => {}, errored: () => {}, completed: () => {} };
    const next = table.next() as TestOperation;
    table.started(next, new Attempt(next, '1', { generation: 2, credentials: {} }, 0, nobody));
    expect(table.judge(2, true)).toEqual({ interrupted: [b], culprit: undefined });
    table.clear(a as TestOperation);
    table.clear(b as TestOperation);
    table.requeue([a, b] as TestOperation[]);
    for (const operation of [a, b] as TestOperation[])
      table.started(operation, new Attempt(operation, '2', { generation: 3, credentials: {} }, 0, nobody));
    table.judge(3, true);
    expect([a?.suspect, b?.suspect]).toEqual([false, false]);
  });

  test('suspects go first even where another operation came back to the front', () => {
    const [table, a] = suspectsOf('a');
    const rested = new TestOperation({ name: 'x' });
    table.admit(rested);
    table.rest(rested, parked);
    table.requeue([rested]);
    expect(table.next()).toBe(a);
  });

  test('suspects that are settled before their trial are forgotten', () => {
    const [table, a, b] = suspectsOf('abc');
    table.settle(a as TestOperation);
    table.settle(b as TestOperation);
    expect(send(table, 2)?.name).toBe('c');
    table.clear(table.onTrial as TestOperation);
    table.admit(new TestOperation({ name: 'x' }));
    expect(sendAll(table, 2)).toBe('x');
  });

  test('a suspect that rests does not hold the others back', () => {
    const [table, a] = suspectsOf('a');
    table.rest(a as TestOperation, { at: 'pausing', cancelTimer: () => {} });
    table.admit(new TestOperation({ name: 'x' }));
    expect(sendAll(table, 2)).toBe('x');
  });
});
