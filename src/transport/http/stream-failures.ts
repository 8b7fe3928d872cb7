// What can go wrong with an answer while it is read, put into the words of the contract. `unknown` is said of a stream that
// was lost although events of it have come: what the server still did for it nobody knows.

import type { Failure, ResponseHead } from '../contract.js';

/** It fails alone. */
export function tooLarge(bytes: number, limit: number, { status, headers }: ResponseHead): Failure {
  const message = `The answer has at least ${bytes} bytes; limits.maxMessageBytes allows ${limit}.`;
  return { code: 'too-large', phase: 'operation', message, status, headers, delivery: 'answered' };
}

/** The wire failed while it came: nobody knows what became of the operation. */
export function brokenOff(failure: Failure, { status, headers }: ResponseHead): Failure {
  return { ...failure, status, headers, delivery: 'unknown' };
}

/** It ended without saying that it was the end: what was still to come is lost. */
export function cutStream(place: string, { status, headers }: ResponseHead): Failure {
  const message = `The stream of ${place} was cut off: it ended before the server had said that it was complete.`;
  return { code: 'closed', phase: 'operation', message, status, headers, delivery: 'unknown' };
}

export function silentStream(place: string, { status, headers }: ResponseHead, silentMs: number): Failure {
  const message = `The stream of ${place} has been silent for ${silentMs} ms, and counts as dead.`;
  return { code: 'silent', phase: 'operation', message, status, headers, delivery: 'unknown' };
}

/** Something in it breaks the rules. `detail`: what, as a clause. */
export function brokenStream(place: string, { status, headers }: ResponseHead, detail: string): Failure {
  const message = `The stream of ${place} breaks the rules: ${detail}.`;
  return { code: 'protocol-error', phase: 'operation', message, status, headers, delivery: 'answered' };
}

/** The server said that more would follow, in an answer that has nothing more. */
export function unfinishedAnswer(place: string, { status, headers }: ResponseHead): Failure {
  const message = `${place} answered with "hasNext": true in a body that is no stream: the rest of the answer is missing.`;
  return { code: 'protocol-error', phase: 'operation', message, status, headers, delivery: 'answered' };
}
