// Deliberate mistakes in what came later: how a full buffer is dealt with, credentials, and sessions within the process.

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

const credentials: readonly Mutation[] = [
  mutation(
    'a provider is asked once for all connections',
    'session/credentials.ts',
    'return { headers, connectionParams, expiresAt };',
    'return (Object(provider).kept ??= { headers, connectionParams, expiresAt });',
  ),
  mutation(
    'a provider is asked twice at a time',
    'session/credentials.ts',
    'this.#asking ??= this.#ask(',
    'this.#asking = this.#ask(',
  ),
  mutation(
    'a provider may take as long as it likes',
    'session/credentials.ts',
    'const providerTimeoutMs = 10_000;',
    'const providerTimeoutMs = 10_000_000;',
  ),
  mutation(
    'credentials stand in a failure',
    'transport/websocket/transport.ts',
    'reject(new OpenError(failure));',
    'reject(new OpenError({ ...failure, cause: credentials }));',
  ),
  mutation(
    'a session that was ready gives up when its token is refused',
    'session/machine.ts',
    'if (!memory.contacted) return giveUp(after, cause);',
    'return giveUp(after, cause);',
  ),
];

const operation = 'transport/local/operation.ts';

const withinTheProcess: readonly Mutation[] = [
  mutation('sending() is not called within the process', operation, '    this.#sink.sending();\n', ''),
  mutation(
    'the executor is left with a source that nobody wants',
    operation,
    "'AbortError'));\n    if (stage.at === 'streaming')",
    "'AbortError'));\n    if (stage.at === 'over')",
  ),
  mutation(
    'what is held back is held back for ever',
    'session/backpressure.ts',
    'operation.place.attempt.handle?.flow?.resume();',
    '',
  ),
  mutation('what failed by itself is sent again at once', 'session/recovery.ts', 'alone || (fate', '(fate'),
];

export const newerMutations: readonly Mutation[] = [...fullBuffers, ...credentials, ...withinTheProcess];
