// What a program may decide itself about connections that fail: each close code can be tried again, met with new credentials
// or taken as the end, whatever the built-in tables say, before the session was ready and afterwards.

import { describe, expect, test } from 'vitest';
import type { RetryContext, Verdict } from '../../../src/session/retry.js';
import { closesBeforeAck } from '../../../src/testing/index.js';
import type { Failure } from '../../../src/transport/contract.js';
import { open, openReady, serve } from './support/sessions.js';
import { dialects } from './support/starting.js';
import { reached, readyAgain, rejection } from './support/waiting.js';

/** Decides so for this close code, and leaves everything else to the tables. */
function deciding(code: number, decision: Verdict) {
  const asked: (readonly [number | undefined, number])[] = [];
  const verdict = ({ closeCode }: Failure, { subject, attempt }: RetryContext): Verdict | undefined => {
    if (subject !== 'connect') return undefined;
    asked.push([closeCode, attempt]);
    return closeCode === code ? decision : undefined;
  };
  return { asked, retry: { connect: { verdict, delayMs: () => 1 } } };
}

/** A provider that counts why it was asked. */
function provider() {
  const reasons: string[] = [];
  return {
    reasons,
    credentials: ({ reason }: { reason: string }) => ({ connectionParams: { n: reasons.push(reason) } }),
  };
}

describe.each(dialects)('over %s', (dialect) => {
  test.each([1008, 4401, 4403, 4406])('%i may be tried again at first contact, with nothing to renew', async (code) => {
    const { asked, retry } = deciding(code, 'retry');
    const server = await serve(dialect, { script: closesBeforeAck({ code, times: 3 }) });
    const session = open(server, { retry });
    await session.ready();
    expect(asked).toEqual([1, 2, 3].map((attempt) => [code, attempt]));
    expect(server.upgrades).toBe(4);
  });

  test.each([1000, 1006, 1012, 4429, 4500])('%i may be the end, at first contact and afterwards', async (code) => {
    const { retry } = deciding(code, 'fail');
    const server = await serve(dialect);
    const session = await openReady(server, { retry });
    const [connection] = server.connections;
    if (code === 1006) connection?.drop();
    else connection?.close(code, 'enough');
    expect(await reached(session, 'failed')).toMatchObject({ attempts: 1, cause: { code: 'closed', closeCode: code } });
    expect(await rejection(session.execute('{ ok }'))).toMatchObject({ name: 'ConnectError', closeCode: code });
    server.use({ init: (event) => (code === 1006 ? event.connection.drop() : event.connection.close(code, 'enough')) });
    const { cause } = await reached(open(server, { retry }), 'failed');
    expect([cause.closeCode, server.upgrades]).toEqual([code, 2]);
  });

  test('a close code of the program may mean that its credentials are old', async () => {
    const { reasons, credentials } = provider();
    const { retry } = deciding(4000, 'refresh');
    const server = await serve(dialect, { script: closesBeforeAck({ code: 4000, reason: 'stale', times: 1 }) });
    const session = open(server, { retry, credentials });
    await session.ready();
    expect(reasons).toEqual(['open', 'refused']);
    server.connections[1]?.close(4000, 'stale');
    await readyAgain(session, 3);
    expect(reasons).toEqual(['open', 'refused', 'refused']);
  });

  test('4403 may be tried again as it is, without asking for new credentials', async () => {
    const { reasons, credentials } = provider();
    const { retry } = deciding(4403, 'retry');
    const server = await serve(dialect, { script: closesBeforeAck({ code: 4403, times: 3 }) });
    await open(server, { retry, credentials }).ready();
    expect(reasons).toEqual(['open', 'open', 'open', 'open']);
  });
});
