// Everybody who waits for a session to be ready.

import { describe, expect, test } from 'vitest';
import { CancelledError } from '../../src/session/errors/cancelled-error.js';
import { ConnectError } from '../../src/session/errors/connect-error.js';
import { SessionClosedError } from '../../src/session/errors/session-closed-error.js';
import { Readiness, type ReadyOptions } from '../../src/session/readiness.js';
import type { SessionState } from '../../src/session/state.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';
import type { Failure } from '../../src/transport/contract.js';
import { refusedByNetwork } from './support/failures.js';
import { rejection, type Watched, watch } from './support/harness.js';

const connecting: SessionState = { status: 'connecting', generation: 1, attempt: 1, since: 0 };
const ready: SessionState = { status: 'ready', generation: 1, since: 0, retiring: [], liveness: 'ping' };
const failed: SessionState = { status: 'failed', cause: refusedByNetwork, attempts: 4 };

class Source {
  readonly clock: VirtualClock = new VirtualClock();
  state: SessionState = connecting;
  attempts = 3;
  lastFailure: Failure | undefined = refusedByNetwork;
  readonly readiness: Readiness = new Readiness(this.clock, this);

  become(state: SessionState): void {
    this.state = state;
    this.readiness.settle(state);
  }

  wait(options: ReadyOptions = {}): Promise<void> {
    return this.readiness.wait(options);
  }

  watch(options: ReadyOptions = {}): Watched<void> {
    return watch(this.wait(options));
  }
}

describe('waiting for a session to be ready', () => {
  test('ends at once where it is ready', async () => {
    const source = new Source();
    source.state = ready;
    await source.wait();
    expect(source.clock.pending).toBe(0);
  });

  test('ends for everybody when it becomes ready', async () => {
    const source = new Source();
    const waits = [source.watch(), source.watch({ deadlineMs: Number.POSITIVE_INFINITY }), source.watch()];
    source.become(ready);
    await source.clock.advance(0);
    expect(waits.map(({ status }) => status)).toEqual(['resolved', 'resolved', 'resolved']);
    expect(source.clock.pending).toBe(0);
  });

  test('ends at its deadline, by default 30 s, with the last failure and the attempts', async () => {
    const source = new Source();
    const wait = source.watch();
    await source.clock.advance(29_999);
    expect(wait.status).toBe('pending');
    await source.clock.advance(1);
    expect(wait.error).toBeInstanceOf(ConnectError);
    expect(wait.error).toMatchObject({ attempts: 3, failure: refusedByNetwork, code: 'network', retryable: true });
    expect((wait.error as Error).message).toBe(
      'The session was not ready within 30000 ms after 3 attempts: connect ECONNREFUSED',
    );
  });

  test('says that time ran out where nothing had failed yet', async () => {
    const source = new Source();
    source.lastFailure = undefined;
    source.attempts = 1;
    const wait = source.watch({ deadlineMs: 50 });
    await source.clock.advance(50);
    expect(wait.error).toMatchObject({ code: 'timeout', phase: 'connect', failure: undefined });
    expect((wait.error as Error).message).toBe('The session was not ready within 50 ms after 1 attempt.');
  });

  test('ends at once where the session gave up, or gives up', async () => {
    const source = new Source();
    const wait = source.watch();
    source.become(failed);
    expect(await rejection(source.wait(), ConnectError)).toMatchObject({ attempts: 4, retryable: false });
    expect(wait.error).toBeInstanceOf(ConnectError);
  });

  test.each<SessionState>([{ status: 'closing', stage: 'draining', since: 0 }, { status: 'closed' }])(
    'ends at once where the session is $status',
    async (state) => {
      const source = new Source();
      const wait = source.watch();
      source.become(state);
      await rejection(source.wait(), SessionClosedError);
      expect(wait.error).toBeInstanceOf(SessionClosedError);
    },
  );

  test('goes on through connecting and waiting', async () => {
    const source = new Source();
    const wait = source.watch();
    source.become({ status: 'waiting', until: 100, attempt: 1, cause: refusedByNetwork });
    source.become(connecting);
    await source.clock.advance(0);
    expect(wait.status).toBe('pending');
  });

  test('ends when its signal is aborted, for this one alone, with the reason as its cause', async () => {
    const source = new Source();
    const abort = new AbortController();
    const [one, other] = [source.watch({ signal: abort.signal }), source.watch()];
    abort.abort('enough');
    await source.clock.advance(0);
    expect(one.error).toBeInstanceOf(CancelledError);
    expect(one.error).toMatchObject({ cause: 'enough', delivery: 'not-sent' });
    expect(other.status).toBe('pending');
    expect(source.clock.pending).toBe(1);
  });

  test('does not begin where its signal is aborted already, even when the session is ready', async () => {
    const source = new Source();
    source.state = ready;
    await rejection(source.wait({ signal: AbortSignal.abort() }), CancelledError);
    expect(source.clock.pending).toBe(0);
  });
});
