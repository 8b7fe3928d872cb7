// What becomes of an operation without an answer: the truth table on which "a write is never repeated by accident" rests.

import { describe, expect, test } from 'vitest';
import type { Delivery } from '../../src/protocol/delivery.js';
import type { OperationKind } from '../../src/protocol/result.js';
import { upload } from '../../src/protocol/upload.js';
import { fateAfterAnswer, fateAfterLoss, maySend, retryContext } from '../../src/session/fate.js';
import type { Failure } from '../../src/transport/contract.js';
import { closedWith, httpStatus } from './support/failures.js';
import { TestOperation } from './support/test-operation.js';

const now = 1_000;
const loss = closedWith(1006);
const noVerdict = () => undefined;

type Key = 'no key' | 'a key nobody holds' | 'a key that is held' | 'a key that was held';

function operationOf(kind: OperationKind, sends: number, key: Key = 'no key'): TestOperation {
  const operation = new TestOperation({ kind, rule: { attempts: 3 } });
  operation.sends = sends;
  const heldUntil = {
    'no key': undefined,
    'a key nobody holds': undefined,
    'a key that is held': now + 1,
    'a key that was held': now,
  }[key];
  if (key !== 'no key') operation.key = { key: 'k', heldUntil };
  return operation;
}

describe('an operation whose connection was lost', () => {
  const kinds: readonly OperationKind[] = ['query', 'mutation', 'subscription'];
  const keys: readonly Key[] = ['no key', 'a key nobody holds', 'a key that is held', 'a key that was held'];

  test.each(kinds.flatMap((kind) => keys.map((key) => ({ kind, key }))))(
    'a $kind with $key that was not sent waits, however often it was tried',
    ({ kind, key }) => {
      for (const sends of [1, 3, 99])
        expect(fateAfterLoss(operationOf(kind, sends, key), loss, 'not-sent', now, noVerdict)).toBe('wait');
    },
  );

  const rows: [kind: OperationKind, delivery: Delivery, key: Key, early: string, usedUp: string][] = [
    ['query', 'unknown', 'no key', 'again', 'fail'],
    ['query', 'answered', 'no key', 'again', 'fail'],
    ['subscription', 'unknown', 'no key', 'again', 'fail'],
    ['subscription', 'answered', 'no key', 'again', 'fail'],
    ['mutation', 'unknown', 'no key', 'unknown', 'unknown'],
    ['mutation', 'unknown', 'a key nobody holds', 'unknown', 'unknown'],
    ['mutation', 'unknown', 'a key that was held', 'unknown', 'unknown'],
    ['mutation', 'unknown', 'a key that is held', 'again', 'unknown'],
    ['mutation', 'answered', 'no key', 'unknown', 'unknown'],
  ];
  test.each(rows)(
    'a %s, delivery %s, with %s: %s while it has attempts left, %s after',
    (kind, delivery, key, early, usedUp) => {
      expect(fateAfterLoss(operationOf(kind, 2, key), loss, delivery, now, noVerdict)).toBe(early);
      expect(fateAfterLoss(operationOf(kind, 3, key), loss, delivery, now, noVerdict)).toBe(usedUp);
    },
  );

  test('a verdict of its own rule decides for a query or subscription, within its attempts', () => {
    for (const kind of ['query', 'subscription'] as const) {
      expect(fateAfterLoss(operationOf(kind, 1), loss, 'unknown', now, () => 'fail')).toBe('fail');
      expect(fateAfterLoss(operationOf(kind, 1), loss, 'unknown', now, () => 'retry')).toBe('again');
      expect(fateAfterLoss(operationOf(kind, 3), loss, 'unknown', now, () => 'retry')).toBe('fail');
    }
  });

  test('no verdict sends a mutation again that may have run: its rule is not even asked', () => {
    const asked: unknown[] = [];
    const ask = (): 'retry' => {
      asked.push(true);
      return 'retry';
    };
    expect(fateAfterLoss(operationOf('mutation', 1), loss, 'unknown', now, ask)).toBe('unknown');
    expect(asked).toEqual([]);
  });
});

describe('an operation with a file from a stream', () => {
  function withFile(operation: TestOperation, read: boolean): TestOperation {
    const file = upload(new ReadableStream<Uint8Array>());
    if (read) file.open();
    operation.request = { ...operation.request, uploads: [{ paths: ['variables.file'], upload: file }] };
    return operation;
  }

  const rows: [OperationKind, Delivery, Key, unread: string, read: string][] = [
    ['query', 'not-sent', 'no key', 'wait', 'spent'],
    ['query', 'unknown', 'no key', 'again', 'spent'],
    ['mutation', 'not-sent', 'no key', 'wait', 'spent'],
    ['mutation', 'unknown', 'no key', 'unknown', 'unknown'],
    ['mutation', 'unknown', 'a key that is held', 'again', 'unknown'],
    ['subscription', 'unknown', 'no key', 'again', 'spent'],
  ];
  test.each(rows)(
    'a %s, delivery %s, with %s: %s until that is read, %s after',
    (kind, delivery, key, unread, read) => {
      const fateOf = (isRead: boolean): string =>
        fateAfterLoss(withFile(operationOf(kind, 1, key), isRead), loss, delivery, now, noVerdict);
      expect([fateOf(false), fateOf(true)]).toEqual([unread, read]);
    },
  );

  test('stays unknown where an earlier send of a mutation may have run', () => {
    const mutation = withFile(operationOf('mutation', 2, 'a key that is held'), true);
    mutation.delivery = 'unknown';
    expect(fateAfterLoss(mutation, loss, 'not-sent', now, noVerdict)).toBe('unknown');
  });

  test('is sent again after an answer only until that is read', () => {
    for (const status of [503, 401]) {
      const fateOf = (isRead: boolean): string =>
        fateAfterAnswer(withFile(operationOf('query', 1), isRead), httpStatus(status), noVerdict);
      expect([fateOf(false), fateOf(true)]).toEqual([status === 401 ? 'refresh' : 'again', 'spent']);
    }
    const settled = fateAfterAnswer(withFile(operationOf('query', 1), true), httpStatus(400), noVerdict);
    expect(settled).toBe('fail');
  });
});

describe('an operation that cannot be sent at all', () => {
  const unsendable: Failure = { code: 'bad-option', phase: 'operation', message: '' };

  test.each(['query', 'mutation', 'subscription'] as const)('fails: a %s', (kind) => {
    expect(fateAfterLoss(operationOf(kind, 1), unsendable, 'not-sent', now, noVerdict)).toBe('fail');
  });

  test('stays unknown where an earlier send of a mutation may have run', () => {
    const mutation = operationOf('mutation', 2);
    mutation.delivery = 'unknown';
    expect(fateAfterLoss(mutation, unsendable, 'not-sent', now, noVerdict)).toBe('unknown');
  });
});

describe('an operation that was answered with a failure', () => {
  test.each([
    ['query', httpStatus(503), 'again'],
    ['mutation', httpStatus(503), 'fail'],
    ['subscription', httpStatus(503), 'again'],
    ['query', httpStatus(400), 'fail'],
  ] as const)('a %s follows the table', (kind, failure, fate) => {
    expect(fateAfterAnswer(operationOf(kind, 1), failure, noVerdict)).toBe(fate);
  });

  test('credentials that were not accepted are worth new ones once', () => {
    const operation = operationOf('query', 1);
    expect(fateAfterAnswer(operation, httpStatus(401), noVerdict)).toBe('refresh');
    operation.refused = true;
    expect(fateAfterAnswer(operation, httpStatus(401), noVerdict)).toBe('fail');
  });

  test('a verdict of its own rule decides, also for a mutation: the server has answered it', () => {
    expect(fateAfterAnswer(operationOf('mutation', 1), httpStatus(429), () => 'retry')).toBe('again');
    expect(fateAfterAnswer(operationOf('mutation', 3), httpStatus(429), () => 'retry')).toBe('fail');
    expect(fateAfterAnswer(operationOf('query', 1), httpStatus(503), () => 'fail')).toBe('fail');
    expect(fateAfterAnswer(operationOf('query', 1), httpStatus(400), () => 'refresh')).toBe('again');
  });
});

describe('whether a connection may carry an operation', () => {
  test('a mutation that may have run needs a server that honours keys and still remembers this one', () => {
    const may = (key: Key, idempotencyWindowMs: number, idempotencyStore?: string): boolean => {
      const mutation = operationOf('mutation', 1, key);
      mutation.delivery = 'unknown';
      return maySend(mutation, { idempotencyWindowMs, idempotencyStore }, now);
    };
    expect(may('a key that is held', 60_000)).toBe(true);
    expect(may('a key that is held', 0)).toBe(false);
    expect(may('a key that was held', 60_000)).toBe(false);
    expect(may('a key nobody holds', 60_000)).toBe(false);
    expect(may('no key', 60_000)).toBe(false);
    expect(may('a key that is held', 60_000, 'another memory')).toBe(false);
  });

  test('everything else may be sent anywhere', () => {
    const none = { idempotencyWindowMs: 0 };
    const mutation = operationOf('mutation', 0);
    expect(maySend(mutation, none, now)).toBe(true);
    mutation.delivery = 'answered';
    expect(maySend(mutation, none, now)).toBe(true);
    const query = operationOf('query', 1);
    query.delivery = 'unknown';
    expect(maySend(query, none, now)).toBe(true);
  });
});

test('a rule is told what the operation is, how often it was sent and how far it came', () => {
  const call = new TestOperation({ kind: 'mutation', name: 'pay' });
  call.sends = 2;
  expect(retryContext(call, 'answered')).toEqual({
    subject: 'execute',
    attempt: 2,
    delivery: 'answered',
    kind: 'mutation',
    operationName: 'pay',
  });
  expect(retryContext(new TestOperation({ kind: 'subscription' }), 'unknown').subject).toBe('subscribe');
});
