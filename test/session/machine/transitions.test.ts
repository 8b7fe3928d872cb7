// The connection machine, every state with every event: what is written here happens, and nothing else does.

import { describe, expect, test } from 'vitest';
import { closedWith, refusedByNetwork } from '../support/failures.js';
import { MachineRun } from '../support/machine-run.js';

/** How each state is reached. Where a connection retires it is generation 1, and generation 2 is the current one. */
const states = {
  idle: () => new MachineRun(),
  connecting: () => new MachineRun().start(),
  ready: () => new MachineRun().start().opened(),
  stable: () => new MachineRun().start().opened().timer('stable'),
  waiting: () => new MachineRun().start().openFailed(),
  'connecting beside a retiring one': () => new MachineRun().start().opened().timer('stable').goingAway(),
  'waiting beside a retiring one': () => new MachineRun().start().opened().timer('stable').goingAway().openFailed(),
  'ready beside a retiring one': () => new MachineRun().start().opened().timer('stable').goingAway().opened(),
  failed: () => new MachineRun({ attempts: 1 }).start().openFailed(),
  draining: () => new MachineRun().start().opened().close(),
  'draining beside a retiring one': () =>
    new MachineRun().start().opened().timer('stable').goingAway().opened().close(),
  disconnecting: () => new MachineRun().start().opened().close().drained(),
  closed: () => new MachineRun().start().opened().close().drained().disconnected(),
} satisfies Record<string, () => MachineRun>;

/** Generation 1 where it has been told to retire, else one that never was. */
function retiringOf(run: MachineRun): number {
  return run.generation > 1 ? 1 : 98;
}

const events = {
  start: (run) => run.start(),
  'opened: the current generation': (run) => run.opened(),
  'opened: another generation': (run) => run.opened(99),
  'open-failed: the current generation': (run) => run.openFailed(),
  'open-failed: another generation': (run) => run.openFailed(refusedByNetwork, 99),
  'lost: the current generation': (run) => run.lost(closedWith(1006)),
  'lost: the retiring generation': (run) => run.lost(closedWith(1006), retiringOf(run)),
  'lost: another generation': (run) => run.lost(closedWith(1006), 99),
  'going-away: the current generation': (run) => run.goingAway(1_000),
  'going-away: the current generation, which has answered': (run) => run.goingAway(1_000, run.generation, true),
  'going-away: the retiring generation': (run) => run.goingAway(1_000, retiringOf(run)),
  'liveness: the current generation': (run) => run.liveness('keep-alive'),
  'liveness: another generation': (run) => run.liveness('keep-alive', 99),
  'finished: the retiring generation': (run) => run.finished(retiringOf(run)),
  'finished: the current generation': (run) => run.finished(run.generation),
  'timer: backoff': (run) => run.timer('backoff'),
  'timer: stable': (run) => run.timer('stable'),
  'timer: retire, of the retiring generation': (run) => run.timer(`retire ${retiringOf(run)}`),
  'timer: retire, of another generation': (run) => run.timer('retire 99'),
  'timer: grace': (run) => run.timer('grace'),
  reconnect: (run) => run.reconnect(),
  close: (run) => run.close(5_000),
  drained: (run) => run.drained(),
  disconnected: (run) => run.disconnected(),
} satisfies Record<string, (run: MachineRun) => MachineRun>;

type Reaction = readonly [status: string, ...effects: string[]];

/** Whatever is not listed changes nothing and has no effect. */
const table: Record<keyof typeof states, Partial<Record<keyof typeof events, Reaction>>> = {
  idle: {
    start: ['connecting', 'open 1'],
    close: ['closing', 'cancel backoff', 'cancel stable', 'set grace 5000', 'shed'],
  },
  connecting: {
    'opened: the current generation': ['ready', 'set stable 10000', 'use'],
    'open-failed: the current generation': ['waiting', 'set backoff 100'],
    close: ['closing', 'abort-open', 'cancel backoff', 'cancel stable', 'set grace 5000', 'shed'],
  },
  ready: {
    'liveness: the current generation': ['ready'],
    'lost: the current generation': ['waiting', 'cancel stable', 'set backoff 100'],
    'going-away: the current generation': ['waiting', 'cancel stable', 'set retire 1 1000', 'set backoff 100'],
    'going-away: the current generation, which has answered': [
      'connecting',
      'cancel stable',
      'set retire 1 1000',
      'open 2',
    ],
    'timer: stable': ['ready'],
    close: ['closing', 'cancel backoff', 'cancel stable', 'set grace 5000', 'shed'],
  },
  stable: {
    'liveness: the current generation': ['ready'],
    'lost: the current generation': ['waiting', 'cancel stable', 'set backoff 100'],
    'going-away: the current generation': ['connecting', 'cancel stable', 'set retire 1 1000', 'open 2'],
    'going-away: the current generation, which has answered': [
      'connecting',
      'cancel stable',
      'set retire 1 1000',
      'open 2',
    ],
    'timer: stable': ['ready'],
    close: ['closing', 'cancel backoff', 'cancel stable', 'set grace 5000', 'shed'],
  },
  waiting: {
    'timer: backoff': ['connecting', 'open 2'],
    reconnect: ['connecting', 'cancel backoff', 'open 2'],
    close: ['closing', 'cancel backoff', 'cancel stable', 'set grace 5000', 'shed'],
  },
  'connecting beside a retiring one': {
    'opened: the current generation': ['ready', 'set stable 10000', 'use'],
    'open-failed: the current generation': ['waiting', 'set backoff 100'],
    'lost: the retiring generation': ['connecting', 'cancel retire 1'],
    'finished: the retiring generation': ['connecting', 'cancel retire 1', 'close 1'],
    'timer: retire, of the retiring generation': ['connecting', 'cancel retire 1', 'terminate 1'],
    close: ['closing', 'abort-open', 'cancel backoff', 'cancel stable', 'cancel retire 1', 'set grace 5000', 'shed'],
  },
  'waiting beside a retiring one': {
    'lost: the retiring generation': ['waiting', 'cancel retire 1'],
    'finished: the retiring generation': ['waiting', 'cancel retire 1', 'close 1'],
    'timer: backoff': ['connecting', 'open 3'],
    'timer: retire, of the retiring generation': ['waiting', 'cancel retire 1', 'terminate 1'],
    reconnect: ['connecting', 'cancel backoff', 'open 3'],
    close: ['closing', 'cancel backoff', 'cancel stable', 'cancel retire 1', 'set grace 5000', 'shed'],
  },
  'ready beside a retiring one': {
    'liveness: the current generation': ['ready'],
    'lost: the current generation': ['waiting', 'cancel stable', 'set backoff 100'],
    'lost: the retiring generation': ['ready', 'cancel retire 1'],
    'going-away: the current generation': ['waiting', 'cancel stable', 'set retire 2 1000', 'set backoff 100'],
    'going-away: the current generation, which has answered': [
      'connecting',
      'cancel stable',
      'set retire 2 1000',
      'open 3',
    ],
    'finished: the retiring generation': ['ready', 'cancel retire 1', 'close 1'],
    'timer: stable': ['ready'],
    'timer: retire, of the retiring generation': ['ready', 'cancel retire 1', 'terminate 1'],
    close: ['closing', 'cancel backoff', 'cancel stable', 'cancel retire 1', 'set grace 5000', 'shed'],
  },
  failed: {
    reconnect: ['connecting', 'open 2'],
    close: ['closing', 'cancel backoff', 'cancel stable', 'set grace 5000', 'shed'],
  },
  draining: {
    'timer: grace': ['closing', 'cancel grace', 'disconnect'],
    drained: ['closing', 'cancel grace', 'disconnect'],
  },
  'draining beside a retiring one': {
    'timer: grace': ['closing', 'cancel grace', 'disconnect'],
    drained: ['closing', 'cancel grace', 'disconnect'],
  },
  disconnecting: { disconnected: ['closed'] },
  closed: {},
};

describe.each(Object.entries(states))('the connection machine, %s', (state, reach) => {
  test.each(Object.entries(events))('%s', (event, feed) => {
    const reactions: Partial<Record<string, Reaction>> = table[state as keyof typeof states];
    const expected = reactions[event];
    const before = reach();
    const { machine } = before;
    const after = feed(before);
    if (expected === undefined) {
      expect(after.machine).toStrictEqual(machine);
      expect(after.effects).toEqual([]);
    } else {
      expect([after.status, ...after.effects]).toEqual(expected);
    }
  });
});

describe('the states of the connection machine', () => {
  test('connecting says which attempt it is and since when', () => {
    const run = new MachineRun();
    run.at = 7;
    expect(run.start().machine.state).toEqual({ status: 'connecting', generation: 1, attempt: 1, since: 7 });
    expect(run.openFailed().timer('backoff').machine.state).toMatchObject({ generation: 2, attempt: 2 });
  });

  test('ready says since when, and which connections retire beside it until they have ended', () => {
    const run = new MachineRun().start().opened().timer('stable').goingAway();
    run.at = 500;
    expect(run.opened().machine.state).toEqual({
      status: 'ready',
      generation: 2,
      since: 500,
      retiring: [1],
      liveness: 'ping',
    });
    expect(run.lost(refusedByNetwork, 1).machine.state).toMatchObject({ status: 'ready', retiring: [] });
  });

  test('waiting says until when, after how many failures and why', () => {
    const run = new MachineRun().start().openFailed().timer('backoff');
    run.at = 1_000;
    expect(run.openFailed(refusedByNetwork).machine.state).toEqual({
      status: 'waiting',
      until: 1_200,
      attempt: 2,
      cause: refusedByNetwork,
    });
  });

  test('failed says why and after how many attempts', () => {
    const run = new MachineRun({ attempts: 2 }).start().openFailed().timer('backoff').openFailed();
    expect(run.machine.state).toEqual({ status: 'failed', cause: refusedByNetwork, attempts: 2 });
  });

  test('draining becomes disconnecting, with the time at which closing began', () => {
    const run = new MachineRun().start();
    run.at = 40;
    expect(run.close().machine.state).toEqual({ status: 'closing', stage: 'draining', since: 40 });
    run.at = 50;
    expect(run.drained().machine.state).toEqual({ status: 'closing', stage: 'disconnecting', since: 40 });
  });
});
