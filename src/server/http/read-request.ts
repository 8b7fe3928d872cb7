// From the parameters of a request to what should run: GraphQL over HTTP, section "Request Parameters". They come as the JSON
// of a body, or one by one in the query of an address.

import type { OperationPayload } from '../../protocol/dialects/dialect.js';
import { isJsonObject, type JsonObject } from '../../protocol/json.js';
import { describe } from '../../protocol/options.js';

/** The request, or the fault that makes it none. Members that are `null` count as left out. */
export function readRequest(value: unknown): OperationPayload | string {
  return isJsonObject(value) ? readParameters(value) : `The body must be one JSON object, not ${describe(value)}.`;
}

const names: readonly string[] = ['query', 'documentId', 'operationName', 'variables', 'extensions'];

/** The same from the query of an address. `variables` and `extensions` are JSON there, and what is empty is left out. */
export function readQuery(search: string): OperationPayload | string {
  const values: Record<string, unknown> = {};
  for (const pair of search.split('&')) {
    const equals = pair.indexOf('=');
    const [name, value] =
      equals < 0 ? [decode(pair), ''] : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))];
    if (name === undefined || !names.includes(name)) continue;
    if (value === undefined) return `The parameter "${name}" has a "%" that begins no escape of UTF-8.`;
    if (Object.hasOwn(values, name)) return `The parameter "${name}" is there twice.`;
    values[name] = value === '' ? undefined : value;
  }
  for (const name of ['variables', 'extensions']) {
    const text = values[name];
    if (typeof text !== 'string') continue;
    try {
      values[name] = JSON.parse(text);
    } catch {
      return `"${name}" is not valid JSON.`;
    }
  }
  return readParameters(values);
}

function readParameters(value: { readonly [name: string]: unknown }): OperationPayload | string {
  const { query, documentId, operationName, variables, extensions } = value;
  if (!isTextOrAbsent(documentId)) return `"documentId" must be a string, not ${describe(documentId)}.`;
  if (!isTextOrAbsent(operationName)) return `"operationName" must be a string, not ${describe(operationName)}.`;
  if (!isObjectOrAbsent(variables)) return `"variables" must be an object, not ${describe(variables)}.`;
  if (!isObjectOrAbsent(extensions)) return `"extensions" must be an object, not ${describe(extensions)}.`;
  const isNamed = isText(documentId) || isJsonObject(extensions?.persistedQuery);
  if (!isText(query) && !(isNamed && isAbsent(query))) return `"query" must be a string, not ${describe(query)}.`;
  return {
    query: query ?? '',
    documentId: documentId ?? undefined,
    operationName: operationName ?? undefined,
    variables: variables ?? undefined,
    extensions: extensions ?? undefined,
  };
}

/** As forms are written; undefined where it is not. */
function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function isTextOrAbsent(value: unknown): value is string | null | undefined {
  return isAbsent(value) || isText(value);
}

function isObjectOrAbsent(value: unknown): value is JsonObject | null | undefined {
  return isAbsent(value) || isJsonObject(value);
}
