// Parts of answers as servers send them, and what a stream has handed out so far.

import type { Result } from '../../../src/protocol/result.js';
import type { StreamPart } from '../../../src/session/stream-part.js';
import { watch } from './harness.js';

/** The first part of an answer. */
export const begin = (data: object | null, more: object = {}): Result => ({ data, hasNext: true, ...more });

/** A later part, which adds fields to the root. */
export const add = (data: object, more: object = {}): Result => {
  return { incremental: [{ path: [], data }], hasNext: true, ...more } as Result;
};

/** The last part, empty unless given more. */
export const end = (more: object = {}): Result => ({ ...more, hasNext: false });

/** Takes the next part of a stream, which must be there. */
export async function take<Part extends StreamPart>(stream: AsyncIterator<Part, undefined>): Promise<Part> {
  const pull = watch(stream.next());
  // What is there is there at once.
  for (let turn = 0; turn < 3; turn++) await Promise.resolve();
  if (pull.status === 'rejected') throw pull.error;
  if (pull.value?.value === undefined) throw new Error(`No part was there: ${JSON.stringify(pull)}.`);
  return pull.value.value;
}

/** Takes everything until the end. */
export async function all<Part>(stream: AsyncIterable<Part>): Promise<Part[]> {
  const parts: Part[] = [];
  for await (const part of stream) parts.push(part);
  return parts;
}
