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
export type { ConnectionEnd, ReceivedMessage, ScriptedConnection } from './scripted-server/connection.js';
export { answersWithGarbage, type GarbageKind, garbageKinds } from './scripted-server/misbehaviours/garbage.js';
export {
  closesBeforeAck,
  dropsBeforeAck,
  keepsAliveBeforeAck,
  neverAcks,
  neverPongs,
  pingsBeforeAck,
  refusesInit,
} from './scripted-server/misbehaviours/handshake.js';
export {
  answersLate,
  answersUnderWrongId,
  closesOnOperation,
  completesWithoutData,
  dropsOnOperation,
  type HeldOperations,
  holdsOperations,
} from './scripted-server/misbehaviours/operations.js';
export { poisoned } from './scripted-server/misbehaviours/poison.js';
export {
  dropsUpgrade,
  neverUpgrades,
  refusesUpgrade,
  selectsSubprotocol,
} from './scripted-server/misbehaviours/upgrade.js';
export type { ScriptedOperation } from './scripted-server/operation.js';
export type { Script, UpgradeAnswer, UpgradeRequest } from './scripted-server/script.js';
export {
  type ExecutionRecord,
  type ScriptedServer,
  type ScriptedServerOptions,
  scriptedServer,
} from './scripted-server.js';
export { seededRandom } from './seeded-random.js';
export { VirtualClock } from './virtual-clock.js';
