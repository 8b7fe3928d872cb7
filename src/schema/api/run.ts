// Runs what was prepared on a session, and reads what comes back. The session's promises hold for all of it: here nothing
// waits, repeats or is kept.

import type { DocumentSource } from '../../protocol/document.js';
import type { CallResult } from '../../session/call.js';
import type { CallOptions, StreamOptions, SubscribeOptions } from '../../session/prepare.js';
import type { Session } from '../../session/session.js';
import type { ResultStream } from '../../session/stream.js';
import type { StreamPart } from '../../session/stream-part.js';
import type { Subscription } from '../../session/subscription.js';
import type { Reading } from './reading.js';
import { ReadingIterator } from './reading-iterator.js';
import { ReadingSubscription } from './reading-subscription.js';

/** A document, its variables as they travel, and what is made of its answers; undefined: nothing. */
export interface Runnable {
  readonly document: DocumentSource<unknown, object>;
  readonly variables: object | undefined;
  readonly reading: Reading | undefined;
}

type Runner = Pick<Session, 'execute' | 'result' | 'stream' | 'subscribe'>;

export async function execute(
  session: Runner,
  { document, variables, reading }: Runnable,
  options: CallOptions | undefined,
): Promise<unknown> {
  const data = await session.execute(document, variables, options);
  return reading === undefined ? data : reading.data(data);
}

export async function result(
  session: Runner,
  { document, variables, reading }: Runnable,
  options: CallOptions | undefined,
): Promise<CallResult> {
  const answer = await session.result(document, variables, options);
  return reading === undefined ? answer : reading.result(answer);
}

export function stream(
  session: Runner,
  { document, variables, reading }: Runnable,
  options: StreamOptions | undefined,
): ResultStream<StreamPart> {
  const parts = session.stream(document, variables, options as StreamOptions);
  return reading === undefined ? parts : new ReadingIterator(parts, (part) => reading.part(part));
}

export function subscribe(
  session: Runner,
  { document, variables, reading }: Runnable,
  options: SubscribeOptions | undefined,
): Subscription {
  const events = session.subscribe(document, variables, options);
  return reading === undefined ? events : new ReadingSubscription(events, (data) => reading.data(data));
}
