// What must hold at every moment, looked at before each next thing happens.

import type { Callers } from './callers.js';
import type { World } from './world.js';

/** Longer than any row of trials: until then calls may have to wait on a ready session. */
const trialsMs = 60_000;

export function watch(world: World, callers: Callers): void {
  checkConnections(world);
  checkQueue(world, callers);
  for (const consumer of callers.consumers) if (!consumer.ended) consumer.checkBuffer();
}

function checkConnections({ report, session, network }: World): void {
  const { state } = session;
  if (state.status === 'ready') {
    const allowed = 1 + state.retiring.length;
    const { length } = network.alive;
    report.check(length <= allowed, () => `${length} connections are open; the session knows of ${allowed}.`);
  }
  if (state.status === 'failed' && network.wires.every(({ open }) => !open)) {
    report.check(session.operations === 0, () => `The session gave up, and ${session.operations} operations wait.`);
  }
}

/** No more calls wait than may, and none where nothing holds it back. */
function checkQueue({ report, scenario, session, network, ledger, clock }: World, callers: Callers): void {
  const { maxWaiting, maxInFlight } = scenario.session;
  const { neverSent } = callers;
  report.check(neverSent <= maxWaiting, () => `${neverSent} calls wait; maxWaiting is ${maxWaiting}.`);
  const { state } = session;
  const freeSince = scenario.local ? clock.now() : network.wires.at(-1)?.freeSince;
  if (state.status !== 'ready' || freeSince === undefined || maxInFlight !== undefined) return;
  const since = Math.max(state.since, freeSince, ledger.suspicionAt + trialsMs);
  report.check(neverSent === 0 || clock.now() <= since, () => `${neverSent} calls wait for nothing.`);
}
