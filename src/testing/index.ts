// `holdfast/testing`: what Holdfast is tested with, for the tests of programs that use it. A clock that a test moves, a
// TCP proxy that breaks connections on command, and a GraphQL server that misbehaves on cue.

export {
  type Fault,
  type FaultKind,
  type FaultScheduleOptions,
  faultSchedule,
  type ScheduledFault,
} from './fault-proxy/fault-schedule.js';
export type { Direction } from './fault-proxy/link.js';
export type { RunningSchedule } from './fault-proxy/running-schedule.js';
export { type FaultProxy, type FaultProxyOptions, type FaultProxyTarget, faultProxy } from './fault-proxy.js';
export { seededRandom } from './seeded-random.js';
export { VirtualClock } from './virtual-clock.js';
