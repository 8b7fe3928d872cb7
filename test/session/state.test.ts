// The session's state as its users see it, and reconnect().

import { afterEach, describe, expect, test, vi } from 'vitest';
import { httpStatus, refusedByNetwork } from './support/failures.js';
import { makeSession } from './support/harness.js';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('reconnect()', () => {
  test('cuts a wait short', async () => {
    const { session, transport, refuse, settle } = makeSession();
    await refuse(refusedByNetwork);
    session.reconnect();
    await settle();
    expect([session.state.status, transport.opens.length]).toEqual(['connecting', 2]);
  });

  test('makes a session that failed try again', async () => {
    const { session, refuse, accept } = makeSession();
    await refuse(httpStatus(404));
    session.reconnect();
    await accept();
    expect(session.state.status).toBe('ready');
  });

  test('does nothing to a session that is ready or connecting', async () => {
    const { session, transport, accept, settle } = makeSession();
    session.reconnect();
    await accept();
    session.reconnect();
    await settle();
    expect([session.state.status, transport.opens.length]).toEqual(['ready', 1]);
  });
});

describe('the state', () => {
  test('is told to every listener, in order, until it is taken off', async () => {
    const { session, statuses, refuse, accept } = makeSession();
    const seen: string[] = [];
    const off = session.on('state', ({ status }) => seen.push(status));
    await refuse(refusedByNetwork);
    off();
    await accept();
    expect(seen).toEqual(['waiting']);
    expect(statuses).toEqual(['connecting', 'waiting', 'connecting', 'ready']);
  });

  test('goes on where a listener throws, and the mistake is seen', async () => {
    const mistake = new Error('mistake');
    const seen = vi.spyOn(console, 'error').mockImplementation(() => {});
    const { session, statuses, refuse, accept } = makeSession();
    session.on('state', () => {
      throw mistake;
    });
    const later: string[] = [];
    session.on('state', ({ status }) => later.push(status));
    await refuse(refusedByNetwork);
    await accept();
    expect(statuses.at(-1)).toBe('ready');
    expect(later).toEqual(['waiting', 'connecting', 'ready']);
    expect(seen).toHaveBeenCalledWith(expect.stringContaining('a listener of the session threw'), mistake);
  });

  test('is at hand in a listener as it is told', async () => {
    const { session, accept } = makeSession();
    const same: boolean[] = [];
    session.on('state', (state) => same.push(state === session.state));
    await accept();
    expect(same).toEqual([true]);
  });
});
