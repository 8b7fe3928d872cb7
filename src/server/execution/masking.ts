// What a client is told of what an application threw. Outside development that is nothing: a message may hold a password or an
// address. Whoever means an error for the client throws a GraphQLError. The original is reported once, with its operation.

import type { GraphQLError } from '../../protocol/result.js';
import { toGraphQLError } from '../../protocol/to-graphql-error.js';

const masked = 'Internal server error';
const code = 'INTERNAL_SERVER_ERROR';

export class Masking {
  readonly #development: boolean;
  /** Several fields may share one error. A WeakSet: whoever threw it may keep it for ever. */
  readonly #reported = new WeakSet<object>();

  constructor(development: boolean) {
    this.#development = development;
  }

  /** The error as it is answered. `report` is called where the client is not told everything, once for each original. */
  answer(thrown: unknown, report: (original: unknown) => void): GraphQLError {
    const original = originalOf(thrown);
    if (original === undefined || this.#development) return toGraphQLError(thrown);
    if (!this.#isKnown(original.thrown)) report(original.thrown);
    const { locations, path } = toGraphQLError(thrown);
    return {
      message: masked,
      ...(locations === undefined ? {} : { locations }),
      ...(path === undefined ? {} : { path }),
      extensions: { code },
    };
  }

  #isKnown(original: unknown): boolean {
    if (typeof original !== 'object' || original === null) return false;
    if (this.#reported.has(original)) return true;
    this.#reported.add(original);
    return false;
  }
}

/** Whether who threw it has said so, by throwing a GraphQLError with nothing behind it. */
export function isMeantForClients(thrown: unknown): boolean {
  return originalOf(thrown) === undefined;
}

/** An error as it is answered, for those who can only throw. */
export class AnsweredError extends Error {
  override readonly name: string = 'AnsweredError';
  readonly #answer: GraphQLError;

  constructor(answer: GraphQLError) {
    super(answer.message);
    this.#answer = answer;
  }

  toJSON(): GraphQLError {
    return this.#answer;
  }
}

/** What the application threw; undefined where it is meant for the client, or the engine's own word on the request. */
function originalOf(thrown: unknown): { readonly thrown: unknown } | undefined {
  try {
    if (!isGraphQLError(thrown)) return { thrown };
    const { originalError } = thrown;
    return originalError === undefined || originalError === null || isGraphQLError(originalError)
      ? undefined
      : { thrown: originalError };
  } catch {
    // Applications throw anything, also what throws when it is looked at.
    return { thrown: new Error('What was thrown throws when it is looked at; it is the cause.', { cause: thrown }) };
  }
}

/** By its name: there may be several copies of graphql-js, and each has a class of its own. */
export function isGraphQLError(value: unknown): value is Error & { readonly originalError?: unknown } {
  return value instanceof Error && value.name === 'GraphQLError';
}
