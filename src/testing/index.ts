// `holdfast/testing`: what Holdfast is tested with, for the tests of programs that use it. A clock that a test moves, a
// TCP proxy that breaks connections on command, and a GraphQL server that misbehaves on cue.

export { seededRandom } from './seeded-random.js';
export { VirtualClock } from './virtual-clock.js';
