// The tables of verdicts, row by row.

import { describe, expect, test } from 'vitest';
import type { OperationKind } from '../../src/protocol/result.js';
import { answeredVerdict, connectVerdict, lostVerdict, raisesSuspicion } from '../../src/session/verdicts.js';
import type { Failure, FailureCode } from '../../src/transport/contract.js';
import { closedWith, httpStatus } from './support/failures.js';

const ofCode = (code: FailureCode): Failure => ({ code, phase: 'connect', message: code });

describe('a connection that failed', () => {
  const waitingHelps = [
    ...[1000, 1001, 1005, 1006, 1011, 1012, 1013, 1014, 4408, 4429, 4499, 4500, 4504].map((code) => closedWith(code)),
    ...[1002, 1003, 1007, 1009, 4400, 4409].map((code) => closedWith(code)),
    ...[3999, 4999].map((code) => closedWith(code)),
    ...[408, 425, 429, 500, 501, 502, 503, 504, 599].map((status) => httpStatus(status)),
    ...(['network', 'timeout', 'silent', 'protocol-error', 'too-large', 'credentials', 'aborted'] as const).map(ofCode),
  ];
  test.each(waitingHelps.map(named))('%s: is tried again, before the first ready and afterwards', (_name, failure) => {
    expect(connectVerdict(failure, false)).toBe('retry');
    expect(connectVerdict(failure, true)).toBe('retry');
  });

  const refused = [
    httpStatus(401),
    httpStatus(403),
    ...[4401, 4403, 1008].map((code) => closedWith(code)),
    ofCode('refused'),
  ];
  test.each(refused.map(named))(
    '%s: asks for new credentials, before the first ready and afterwards',
    (_name, failure) => {
      expect(connectVerdict(failure, false)).toBe('refresh');
      expect(connectVerdict(failure, true)).toBe('refresh');
    },
  );

  const wrongPlace = [
    ...[300, 301, 302, 307, 308, 400, 402, 404, 405, 407, 410, 418, 426, 451].map((status) => httpStatus(status)),
    closedWith(4406),
    ofCode('subprotocol'),
    ofCode('tls'),
    ...(['bad-address', 'missing-dependency', 'bad-option'] as const).map(ofCode),
  ];
  test.each(wrongPlace.map(named))(
    '%s: fails before the first ready, is tried at the cap afterwards',
    (_name, failure) => {
      expect(connectVerdict(failure, false)).toBe('fail');
      expect(connectVerdict(failure, true)).toBe('retry-slowly');
    },
  );

  test('a close code counts only where the connection was closed, a status only where there was an HTTP answer', () => {
    expect(connectVerdict({ ...ofCode('network'), closeCode: 4401, status: 401 }, false)).toBe('retry');
    expect(connectVerdict({ ...ofCode('closed'), status: 404 }, false)).toBe('retry');
  });
});

describe('suspicion', () => {
  const suspicious = [1002, 1003, 1007, 1009, 1011, 4400, 4409, 4500];
  const harmless = [1000, 1001, 1005, 1006, 1008, 1012, 1013, 1014, 4401, 4403, 4406, 4408, 4429, 4499, 4504];

  test.each(suspicious)('a connection ended by %i puts its unanswered operations on trial', (code) => {
    expect(raisesSuspicion(closedWith(code))).toBe(true);
  });

  test.each(harmless)('a connection ended by %i puts nobody on trial', (code) => {
    expect(raisesSuspicion(closedWith(code))).toBe(false);
  });

  test('a message that we could not read or hold puts them on trial; the network, silence and our own end do not', () => {
    expect((['protocol-error', 'too-large'] as const).map((code) => raisesSuspicion(ofCode(code)))).toEqual([
      true,
      true,
    ]);
    const others = ['network', 'silent', 'aborted', 'timeout', 'http-status', 'refused'] as const;
    expect(others.filter((code) => raisesSuspicion(ofCode(code)))).toEqual([]);
  });
});

describe('an operation', () => {
  const kinds: readonly OperationKind[] = ['query', 'mutation', 'subscription'];

  test('whose connection was lost: a query and a subscription again, a mutation never by the table', () => {
    expect(kinds.map((kind) => lostVerdict(kind))).toEqual(['again', 'unknown', 'again']);
  });

  test('answered with GraphQL errors fails, whatever its kind', () => {
    expect(kinds.map((kind) => answeredVerdict(kind, ofCode('graphql-errors')))).toEqual(['fail', 'fail', 'fail']);
  });

  test.each([408, 425, 429, 502, 503, 504])(
    'answered with HTTP %i and no result: again, but not a mutation',
    (status) => {
      expect(kinds.map((kind) => answeredVerdict(kind, httpStatus(status)))).toEqual(['again', 'fail', 'again']);
    },
  );

  test('answered with HTTP 401 and no result: once more with new credentials, whatever its kind', () => {
    expect(kinds.map((kind) => answeredVerdict(kind, httpStatus(401)))).toEqual(['refresh', 'refresh', 'refresh']);
    const withErrors = { ...ofCode('graphql-errors'), status: 401 };
    expect(kinds.map((kind) => answeredVerdict(kind, withErrors))).toEqual(['refresh', 'refresh', 'refresh']);
    expect(kinds.map((kind) => answeredVerdict(kind, withErrors, true))).toEqual(['fail', 'fail', 'fail']);
  });

  test('answered with HTTP 403 and no result: once more with new credentials, but not a mutation', () => {
    expect(kinds.map((kind) => answeredVerdict(kind, httpStatus(403)))).toEqual(['refresh', 'fail', 'refresh']);
  });

  test.each([301, 400, 404, 413, 500, 501])('answered with HTTP %i and no result fails', (status) => {
    expect(kinds.map((kind) => answeredVerdict(kind, httpStatus(status)))).toEqual(['fail', 'fail', 'fail']);
  });

  test('answered with something that cannot be used fails', () => {
    expect(kinds.map((kind) => answeredVerdict(kind, ofCode('too-large')))).toEqual(['fail', 'fail', 'fail']);
  });
});

function named(failure: Failure): [name: string, failure: Failure] {
  return [`${failure.code} ${failure.closeCode ?? failure.status ?? ''}`.trim(), failure];
}
