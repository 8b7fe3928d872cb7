// From the parameters of a request to what should run: GraphQL over HTTP, section "Request Parameters". They come as the JSON
// of a body, or one by one in the query of an address.

import type { OperationPayload } from '../../protocol/dialects/dialect.js';
import { isJsonObject, type JsonObject } from '../../protocol/json.js';
import { describe } from '../../protocol/options.js';

/** The request, or the fault that makes it none. Members that are `null` count as left out. */
export function readRequest(body: string): OperationPayload | string {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return 'The body is not valid JSON.';
  }
  return isJsonObject(value) ? readParameters(value) : `The body must be one JSON object, not ${describe(value)}.`;
}

/** The same from an address. `variables` and `extensions` are JSON there. */
export function readQuery(parameters: URLSearchParams): OperationPayload | string {
  const values: Record<string, unknown> = {
    query: parameters.get('query') ?? undefined,
    operationName: parameters.get('operationName'),
  };
  for (const name of ['variables', 'extensions']) {
    const text = parameters.get(name);
    if (text === null || text === '') continue;
    try {
      values[name] = JSON.parse(text);
    } catch {
      return `"${name}" is not valid JSON.`;
    }
  }
  return readParameters(values);
}

function readParameters(value: { readonly [name: string]: unknown }): OperationPayload | string {
  const { query, operationName, variables, extensions } = value;
  if (typeof query !== 'string') return `"query" must be a string, not ${describe(query)}.`;
  if (!isAbsent(operationName) && typeof operationName !== 'string') {
    return `"operationName" must be a string, not ${describe(operationName)}.`;
  }
  if (!isObjectOrAbsent(variables)) return `"variables" must be an object, not ${describe(variables)}.`;
  if (!isObjectOrAbsent(extensions)) return `"extensions" must be an object, not ${describe(extensions)}.`;
  return {
    query,
    operationName: operationName ?? undefined,
    variables: variables ?? undefined,
    extensions: extensions ?? undefined,
  };
}

function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function isObjectOrAbsent(value: unknown): value is JsonObject | null | undefined {
  return isAbsent(value) || isJsonObject(value);
}
