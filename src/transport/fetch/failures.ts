// What can go wrong with fetch alone, put into the words of the contract: what a platform refuses, and what it keeps to itself.

import type { Failure } from '../contract.js';

/** So that no page can explore a network, a browser says that a request failed and never why. */
export function unexplained(place: string, error: unknown): Failure {
  const message = `The request to ${place} failed (${describeError(error)}). A browser does not tell a program why; its console may: the server cannot be reached, CORS does not let this page ask it (the server must name the page's origin and the headers of the request), a page loaded over https: asks an http: address, or the page's Content-Security-Policy (connect-src) forbids it.`;
  return { code: 'network', phase: 'operation', message, cause: error };
}

/** The answer had begun: CORS and the page's policy have let it through. */
export function brokenOff(place: string, error: unknown): Failure {
  const message = `The answer of ${place} broke off before its end (${describeError(error)}). A browser does not tell a program why; its console may.`;
  return { code: 'network', phase: 'operation', message, cause: error };
}

/** A redirect that is not followed is hidden by a browser, with its status and where it leads. */
export function hiddenRedirect(place: string): Failure {
  const message = `${place} answered with a redirect, which is not followed, because it could take credentials and writes elsewhere. A browser does not tell where it leads: give the final address.`;
  return { code: 'http-status', phase: 'operation', message, delivery: 'answered' };
}

export function noStreamedBody(place: string): Failure {
  const message = `The request to ${place} was not sent: a part of its body is to be read while it is sent, and this platform's fetch cannot do that. Read it into a Blob first.`;
  return { code: 'bad-option', phase: 'operation', message, delivery: 'not-sent' };
}

/** The platform's own error may repeat a header's value, which may be secret. */
export function unsendableHeaders(place: string, names: readonly string[]): Failure {
  const message = `The request to ${place} was not sent: one of its headers (${names.join(', ')}) has a name or value that HTTP does not allow, such as a line break or a character beyond Latin-1. Encode it first.`;
  return { code: 'bad-option', phase: 'operation', message, delivery: 'not-sent' };
}

export function sourceFailed(place: string, error: unknown): Failure {
  const message = `The request to ${place} was given up while its body was sent: a source of the body failed (${describeError(error)}).`;
  return { code: 'aborted', phase: 'operation', message, cause: error };
}

/** An injected fetch gave something else, or has read the body itself. */
export function noResponse(place: string): Failure {
  const message = `Option "fetch" gave no Response with an unread body for the request to ${place}: it must resolve with what the platform's fetch does. To look at a body there, read a clone().`;
  return { code: 'bad-option', phase: 'operation', message };
}

export function closing(place: string): Failure {
  const message = `The request to ${place} was not sent: its connection is being closed.`;
  return { code: 'aborted', phase: 'close', message, delivery: 'not-sent' };
}

function describeError(error: unknown): string {
  return (error instanceof Error ? error.message || error.name : String(error)).replace(/\.$/, '');
}
