// A server that is going away, as the connection machine sees it: the next connection is opened beside the old one.

import { describe, expect, test } from 'vitest';
import { refusedByNetwork } from '../support/failures.js';
import { MachineRun } from '../support/machine-run.js';

const stable = (): MachineRun => new MachineRun().start().opened().timer('stable');

/** So many went away one after the other, each after it had answered; another one is ready. */
function severalRetire(count: number): MachineRun {
  const run = stable();
  for (let generation = 1; generation <= count; generation++) run.goingAway(undefined, generation, true).opened();
  return run;
}

describe('a server that is going away', () => {
  test('is left for a new connection at once, and the old one retires', () => {
    const run = stable().goingAway();
    expect([run.status, ...run.effects]).toEqual(['connecting', 'cancel stable', 'set retire 1 30000', 'open 2']);
    expect(run.machine.memory.retiring).toEqual([1]);
  });

  test('gets no more time to finish than it says, and none beyond 30 s', () => {
    expect(stable().goingAway(2_000).effects).toContain('set retire 1 2000');
    expect(stable().goingAway(3_600_000).effects).toContain('set retire 1 30000');
  });

  test('is left also where the rule has no attempt left: nothing has failed', () => {
    const run = new MachineRun({ attempts: 1 }).start().opened().goingAway();
    expect([run.status, run.timer('backoff').status]).toEqual(['waiting', 'connecting']);
  });

  test('when the retiring connection has nothing left it is closed; at its deadline it is terminated', () => {
    expect(stable().goingAway().finished(1).effects).toEqual(['cancel retire 1', 'close 1']);
    expect(stable().goingAway().timer('retire 1').effects).toEqual(['cancel retire 1', 'terminate 1']);
  });

  test('each of several retiring connections has a deadline of its own', () => {
    const run = severalRetire(2);
    expect(run.effects).toEqual(['set stable 10000', 'use']);
    expect(run.machine.state).toMatchObject({ status: 'ready', generation: 3, retiring: [1, 2] });
    run.goingAway(5_000, 3, true);
    expect(run.effects).toEqual(['cancel stable', 'set retire 3 5000', 'open 4']);
    expect(run.timer('retire 3').effects).toEqual(['cancel retire 3', 'terminate 3']);
    expect(run.machine.memory.retiring).toEqual([1, 2]);
  });

  test('the loss, the end or the deadline of one of them does not touch the others', () => {
    const run = severalRetire(4);
    expect(run.lost(refusedByNetwork, 2).effects).toEqual(['cancel retire 2']);
    expect(run.machine.state).toMatchObject({ status: 'ready', generation: 5, retiring: [1, 3, 4] });
    expect(run.finished(4).effects).toEqual(['cancel retire 4', 'close 4']);
    expect(run.machine.state).toMatchObject({ status: 'ready', generation: 5, retiring: [1, 3] });
    expect(run.timer('retire 1').effects).toEqual(['cancel retire 1', 'terminate 1']);
    expect(run.machine.state).toMatchObject({ status: 'ready', generation: 5, retiring: [3] });
    expect(run.lost(refusedByNetwork, 3).machine.state).toMatchObject({ status: 'ready', retiring: [] });
  });

  test('at most eight retire: the ninth ends the oldest', () => {
    const run = severalRetire(8);
    expect(run.machine.memory.retiring).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    run.goingAway(undefined, 9, true);
    expect(run.effects).toEqual(['cancel stable', 'cancel retire 1', 'terminate 1', 'set retire 9 30000', 'open 10']);
    expect(run.machine.memory.retiring).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('closing leaves no deadline of them behind', () => {
    const run = severalRetire(3).close();
    expect(run.effects.filter((effect) => effect.startsWith('cancel retire'))).toEqual([
      'cancel retire 1',
      'cancel retire 2',
      'cancel retire 3',
    ]);
    expect(run.machine.memory.retiring).toEqual([]);
  });

  test('one that sends every new connection away at once is not stormed: the backoff grows', () => {
    const run = stable().goingAway().opened();
    const waits: number[] = [];
    for (let round = 0; round < 4; round++) {
      run.goingAway();
      const { state } = run.machine;
      waits.push(state.status === 'waiting' ? state.until - run.at : Number.NaN);
      run.timer('backoff').opened();
    }
    expect(waits).toEqual([100, 200, 300, 400]);
  });

  test('one that answers on each connection is followed at once, however often: that is no failure and no attempt', () => {
    const run = new MachineRun({ attempts: 2 }).start().openFailed().timer('backoff').opened();
    const { failures, opens } = run.machine.memory;
    for (let round = 0; round < 5; round++) {
      run.goingAway(undefined, run.generation, true);
      expect(run.status).toBe('connecting');
      run.opened().finished(run.generation - 1);
    }
    expect(run.machine.memory).toMatchObject({ failures, opens });
    expect(run.lost().effects).toContain('give up after 2');
  });

  test('the end of the retiring connection does not touch the new one', () => {
    const run = stable().goingAway().opened().lost(refusedByNetwork, 1);
    expect(run.machine.state).toMatchObject({ status: 'ready', generation: 2, retiring: [] });
    expect(run.lost(refusedByNetwork, 1).machine.state).toMatchObject({ status: 'ready', generation: 2 });
  });

  test('the loss of the new connection leaves the retiring one its time', () => {
    const run = stable().goingAway().opened().lost();
    expect(run.status).toBe('waiting');
    expect(run.machine.memory.retiring).toEqual([1]);
  });

  test('a failed session still ends its retiring connection at the deadline', () => {
    const run = new MachineRun({ attempts: 1 }).start().opened().timer('stable').goingAway().openFailed();
    expect(run.status).toBe('failed');
    expect(run.timer('retire 1').effects).toEqual(['cancel retire 1', 'terminate 1']);
  });
});
