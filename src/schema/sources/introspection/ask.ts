// Asks a server for its schema over a session: first what its introspection knows, then everything it knows. Both questions
// are ordinary queries, sent again as the session's retry rules say.

import { OptionError } from '../../../protocol/errors/option-error.js';
import type { JsonObject } from '../../../protocol/json.js';
import type { GraphQLError } from '../../../protocol/result.js';
import { CancelledError } from '../../../session/errors/cancelled-error.js';
import { DeadlineError } from '../../../session/errors/deadline-error.js';
import { SessionClosedError } from '../../../session/errors/session-closed-error.js';
import type { Session } from '../../../session/session.js';
import { SchemaError } from '../../errors/schema-error.js';
import { featuresQuery, introspectionQuery, readFeatures } from './query.js';
import { schemaIn } from './read.js';
import { saysDisabled } from './says-disabled.js';
import type { Introspection } from './write.js';

/** What is used of a session. */
export type AskedSession = Pick<Session, 'result'>;

export interface AskOptions {
  readonly signal?: AbortSignal | undefined;
  readonly deadlineMs?: number | undefined;
}

/**
 * The server's answer to a query for its whole schema.
 *
 * @throws SchemaError with the code `introspection-disabled` or `introspection-failed`; CancelledError; DeadlineError;
 * SessionClosedError.
 */
export async function askForSchema(session: AskedSession, source: string, options: AskOptions): Promise<Introspection> {
  const features = await ask(session, featuresQuery, source, options);
  // Without an answer, what every server knows is asked: the error that counts is that of the second question.
  const query = introspectionQuery(readFeatures(features.data));
  const { data, errors } = await ask(session, query, source, options);
  const schema = schemaIn(data);
  if (schema !== undefined) return { __schema: schema };
  const [error] = errors;
  if (error === undefined) throw disabled(source, 'it answers with nothing');
  throw new SchemaError(
    'introspection-failed',
    `The server answered the question for its schema with an error: ${error.message}`,
    { source, delivery: 'answered', cause: errors },
  );
}

interface Answer {
  readonly data: unknown;
  readonly errors: readonly GraphQLError[];
}

async function ask(session: AskedSession, query: string, source: string, options: AskOptions): Promise<Answer> {
  const { data, errors = [] } = await resultOf(session, query, source, options);
  const refusal = schemaIn(data) === undefined ? errors.find(saysDisabled) : undefined;
  if (refusal !== undefined) throw disabled(source, `it says "${refusal.message}"`, errors);
  return { data, errors };
}

async function resultOf(
  session: AskedSession,
  query: string,
  source: string,
  { signal, deadlineMs }: AskOptions,
): ReturnType<AskedSession['result']> {
  try {
    return await session.result<JsonObject>(query, undefined, { signal, deadlineMs });
  } catch (cause) {
    throw failed(source, cause);
  }
}

/** What the program itself did, told as it is of every call. */
const ofTheProgram = [OptionError, CancelledError, DeadlineError, SessionClosedError];

/** Whatever kept the question from being answered; what the program itself did stays what it is. */
export function failed(source: string, cause: unknown): Error {
  return ofTheProgram.some((kind) => cause instanceof kind) ? (cause as Error) : notAsked(source, cause);
}

/** Whatever kept the question from being answered. */
export function notAsked(source: string, cause: unknown): SchemaError {
  if (cause instanceof SchemaError) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new SchemaError('introspection-failed', `The server could not be asked for its schema: ${why}`, {
    source,
    cause,
  });
}

function disabled(source: string, how: string, cause?: unknown): SchemaError {
  return new SchemaError(
    'introspection-disabled',
    `The server does not tell its schema; ${how}. Give the schema as a file of SDL or introspection instead, such as "holdfast schema" writes where introspection is on, or as a generated module; or switch introspection on at the server.`,
    { source, delivery: 'answered', cause },
  );
}
