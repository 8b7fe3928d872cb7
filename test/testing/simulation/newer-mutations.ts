// Deliberate mistakes in what came later: how a full buffer is dealt with.

import { type Mutation, mutation } from './mutations.js';

const buffer = 'session/event-buffer.ts';
const subscription = 'session/subscription.ts';

const fullBuffers: readonly Mutation[] = [
  mutation('dropped events are not counted', buffer, "'dropped', missed: 1,", "'dropped', missed: 0,"),
  mutation(
    'what was dropped is told after the next event',
    buffer,
    'if (this.#dropped === undefined) return',
    'if (this.#dropped === undefined || this.#events > 1) return',
  ),
  mutation('nothing gives way in a full buffer', subscription, 'buffer.dropOldest({ maxEvents, maxBytes });', ''),
  mutation(
    'a subscription that fails withholds what it holds',
    subscription,
    'this.fail(new BufferFullError',
    'buffer.clear();\n      this.fail(new BufferFullError',
  ),
];

export const newerMutations: readonly Mutation[] = [...fullBuffers];
