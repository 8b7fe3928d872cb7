// The roots, and the functions of their fields: each builds a request and runs it.

import type { OperationKind } from '../../protocol/result.js';
import { suggestionsFor } from '../../protocol/suggestions.js';
import type { CallOptions, StreamOptions, SubscribeOptions } from '../../session/prepare.js';
import type { Session } from '../../session/session.js';
import { noRoot } from '../errors/no-root.js';
import { ValidationError } from '../errors/validation-error.js';
import type { FieldModel } from '../model/model.js';
import type { Schema } from '../schema.js';
import type {
  CallField,
  CallRoot,
  FieldArguments,
  RequestOptions,
  SubscriptionField,
  SubscriptionRoot,
} from './api.js';
import type { BuiltRequest } from './api-request.js';
import { type Requests, refuseRequestOptions } from './requests.js';
import { makeRoot } from './root.js';
import * as run from './run.js';

/** What roots are made of. */
export interface RootParts {
  readonly session: Session;
  readonly schema: Schema;
  readonly requests: Requests;
}

type Args = FieldArguments | undefined;

export function callRoot(kind: 'query' | 'mutation', parts: RootParts): CallRoot {
  const { session, schema, requests } = parts;
  const several = async (selection: unknown, options?: CallOptions): Promise<unknown> => {
    rootFields(kind, schema);
    const request = requests.ofSelection(kind, selection, options);
    return run.execute(session, request, optionsFor(request, options));
  };
  return makeRoot(
    several,
    fieldsOf(kind, schema, (name, field) => callField(kind, name, field, parts)),
    (name) => unknownField(kind, name, schema),
  ) as CallRoot;
}

export function subscriptionRoot(parts: RootParts): SubscriptionRoot {
  const { session, schema, requests } = parts;
  const several = (selection: unknown, options?: SubscribeOptions): unknown => {
    rootFields('subscription', schema);
    const request = requests.ofSelection('subscription', selection, options);
    return run.subscribe(session, request, optionsFor(request, options));
  };
  return makeRoot(
    several,
    fieldsOf('subscription', schema, (name, field) => subscriptionField(name, field, parts)),
    (name) => unknownField('subscription', name, schema),
  ) as SubscriptionRoot;
}

/** The fields of a root. Throws a SchemaError where the schema has none of this kind. */
export function rootFields(kind: OperationKind, schema: Schema): ReadonlyMap<string, FieldModel> {
  const fields = knownFields(kind, schema);
  if (fields !== undefined) return fields;
  throw noRoot(kind, schema);
}

/** What its caller said, and what the request has beside its document, which tells its name where it is the only operation. */
export function optionsFor<Options extends RequestOptions>(
  { extensions, operationName, isAmongOthers }: BuiltRequest,
  options: Options | undefined,
): Options | undefined {
  if (extensions === options?.extensions && !isAmongOthers) return options;
  return { ...(options as Options), extensions, operationName };
}

function callField(kind: 'query' | 'mutation', name: string, field: FieldModel, parts: RootParts): CallField {
  const { session, requests } = parts;
  const call = async (args?: Args, selection?: unknown, options?: CallOptions): Promise<unknown> => {
    const request = requests.ofField(kind, name, args, selection, options);
    return run.execute(session, request, optionsFor(request, options));
  };
  const result = async (args?: Args, selection?: unknown, options?: CallOptions): Promise<unknown> => {
    const request = requests.ofField(kind, name, args, selection, options);
    return run.result(session, request, optionsFor(request, options));
  };
  const stream = (args?: Args, selection?: unknown, options?: StreamOptions): unknown => {
    const request = requests.ofField(kind, name, args, selection, options);
    return run.stream(session, request, optionsFor(request, options));
  };
  return withMembers(name, call, { result, stream, ...sharedMembers(kind, name, field, parts) }) as CallField;
}

function subscriptionField(name: string, field: FieldModel, parts: RootParts): SubscriptionField {
  const { session, requests } = parts;
  const subscribe = (args?: Args, selection?: unknown, options?: SubscribeOptions): unknown => {
    const request = requests.ofField('subscription', name, args, selection, options);
    return run.subscribe(session, request, optionsFor(request, options));
  };
  return withMembers(name, subscribe, sharedMembers('subscription', name, field, parts)) as SubscriptionField;
}

function sharedMembers(
  kind: OperationKind,
  name: string,
  { description }: FieldModel,
  { requests }: RootParts,
): object {
  const request = (args?: Args, selection?: unknown, options?: RequestOptions): BuiltRequest => {
    refuseRequestOptions(options);
    return requests.ofField(kind, name, args, selection, options);
  };
  return { request, description };
}

function withMembers<Call extends object>(name: string, call: Call, members: object): Call {
  // What prints functions, and traces of errors, say which field it is.
  Object.defineProperty(call, 'name', { value: name });
  return Object.assign(call, members);
}

function fieldsOf<Field>(
  kind: OperationKind,
  schema: Schema,
  make: (name: string, field: FieldModel) => Field,
): (readonly [string, Field])[] {
  return Array.from(knownFields(kind, schema) ?? [], ([name, field]) => [name, make(name, field)] as const);
}

function knownFields(kind: OperationKind, { model }: Schema): ReadonlyMap<string, FieldModel> | undefined {
  const type = model.types.get(model.roots[kind] ?? '');
  return type?.kind === 'object' ? type.fields : undefined;
}

/** The error for what is no root field. */
function unknownField(kind: OperationKind, name: string, schema: Schema): ValidationError {
  const message = `There is no ${kind} "${name}" in this schema.`;
  const suggestions = suggestionsFor(name, rootFields(kind, schema).keys());
  return new ValidationError([{ message, path: [kind, name], suggestions }]);
}
