// One request whose answer is not read for a while, then read on until the test has seen enough.

import { clientOf, send } from './support/fetch.js';

export async function run({ origin }, { paused, resumed }) {
  let stop;
  const stopped = new Promise((resolve) => {
    stop = resolve;
  });
  const { told, exchange } = send(clientOf(origin), {}, (name, { order }, running) => {
    if (name !== 'chunk' || order.length !== 3) return;
    running.flow.pause();
    stop();
  });
  await stopped;
  await paused();
  const { length } = told.order;
  exchange.flow.resume();
  await resumed();
  exchange.cancel();
  return length;
}
