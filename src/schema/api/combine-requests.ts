// One document of several requests: what is published for clients to name by its id, or kept in one file, and run an operation
// at a time. GraphQL specification, September 2025, section 2.4 (Operations).

import { OptionError } from '../../protocol/errors/option-error.js';
import { describe } from '../../protocol/options.js';
import type { BuiltOperation } from '../build/bound-operation.js';
import { printDocument } from '../build/print.js';
import { Problems } from '../build/problems.js';
import { checkMembers } from '../members.js';
import { type ApiRequest, BuiltRequest } from './api-request.js';

/** The same requests, each an operation of one document. */
export type CombinedRequests<Requests> = { readonly [Name in keyof Requests]: Requests[Name] };

/**
 * Gives several requests one document, in which each is the operation of its name; fragments that they share are in it once.
 * What comes back runs like any request, one operation at a time, and has the same `document` each: all of it is sent, unless the
 * server knows it by an id.
 *
 * @throws OptionError for what is no request and for names that are none; ValidationError where requests have different
 * fragments of one name.
 * @example
 * ```ts
 * const { Front, Add } = combineRequests({
 *   Front: api.query.books.request({ first: 10 }, ['title']),
 *   Add: api.mutation.addBook.request({ book }, ['id']),
 * });
 * const books = await api.execute(Front);
 * ```
 */
export function combineRequests<const Requests extends Readonly<Record<string, ApiRequest>>>(
  requests: Requests,
): CombinedRequests<Requests>;
export function combineRequests(requests: Readonly<Record<string, unknown>>): Readonly<Record<string, ApiRequest>> {
  checkMembers('requests', requests);
  const named = Object.entries(requests).map(([name, request]) => [name, checkRequest(name, request)] as const);
  if (named.length === 0) throw new OptionError('requests', 'combineRequests() needs at least one request.');
  const operations = named.map(([name, request]) => request.operationAs(name));
  const document = printDocument(
    operations.map(({ definitions }) => definitions.operation),
    sharedFragments(operations),
  );
  const names = named.map(([name]) => name);
  return Object.fromEntries(named.map(([name, request]) => [name, request.among(names, name, document)]));
}

function checkRequest(name: string, request: unknown): BuiltRequest {
  if (request instanceof BuiltRequest) return request;
  const given = describe(request);
  throw new OptionError(
    `requests.${name}`,
    `A request as the API builds them is needed for "${name}"; it is ${given}.`,
  );
}

function sharedFragments(operations: readonly BuiltOperation[]): ReadonlyMap<string, string> {
  const problems = new Problems();
  const known = new Map<string, { readonly text: string; readonly operationName: string }>();
  for (const { operationName, definitions } of operations) {
    for (const [name, text] of definitions.fragments) {
      const first = known.get(name);
      if (first === undefined) known.set(name, { text, operationName });
      else if (first.text !== text) {
        const message = `"${first.operationName}" and "${operationName}" have different fragments of this name: give one of them another, and variables in it names of their own.`;
        problems.add(['fragment', name], message);
      }
    }
  }
  problems.finish();
  return new Map(Array.from(known, ([name, { text }]) => [name, text]));
}
