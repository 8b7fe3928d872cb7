// For transports that are built on this one and hear some of what it tells themselves.

import type { ConnectionEvents } from '../contract.js';

/** Hands everything on to `events`, except for what `instead` has. */
export function forwardedEvents(events: ConnectionEvents, instead: Partial<ConnectionEvents>): ConnectionEvents {
  return {
    heard: () => events.heard(),
    keepAlive: () => events.keepAlive(),
    pong: (payload) => events.pong(payload),
    control: (payload) => events.control(payload),
    goingAway: (notice) => events.goingAway(notice),
    backlog: (level) => events.backlog(level),
    ...instead,
  };
}
