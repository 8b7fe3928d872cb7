// A ping that a program asks for: what came back, or why nothing did, within its own deadline.

import type { JsonObject } from '../protocol/json.js';
import type { Clock } from '../transport/contract.js';
import type { Driver } from './driver.js';
import { ConnectError } from './errors/connect-error.js';
import { DeadlineError } from './errors/deadline-error.js';
import type { Pong } from './link.js';

export function ping(driver: Driver, clock: Clock, payload: JsonObject | undefined, deadlineMs: number): Promise<Pong> {
  return new Promise((resolve, reject) => {
    const lost = (what: string): void => {
      cancelTimer();
      reject(new ConnectError(what, driver.lastFailure, driver.attempts, true));
    };
    const cancelTimer = clock.setTimer(deadlineMs, () =>
      reject(new DeadlineError('Ping', deadlineMs, 'unknown', 1, undefined)),
    );
    const sent = driver.current?.ping(payload, (pong) => {
      if (pong === undefined) return lost('The connection ended before the ping was answered');
      cancelTimer();
      resolve(pong);
    });
    if (sent !== true) lost('There is no connection that can be pinged');
  });
}
