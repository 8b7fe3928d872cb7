// Parameters of a Phoenix socket as the query of its address, in the form that Plug reads: `a=1&b[c]=2&d[]=3`.

import { isJsonObject, type JsonObject, type JsonValue } from '../../protocol/json.js';

type Pair = readonly [name: string, value: string];

/** The version of the messages' form, which the server is told in the address. */
const version: Pair = ['vsn', '2.0.0'];

/** What the address has of its own stays, unless `params` says otherwise. What is null or undefined is left out. */
export function withParams(address: string, params: JsonObject): string {
  const url = new URL(address);
  const added = Object.entries(params).flatMap(([name, value]) => pairs(name, value));
  for (const [name] of [...added, version]) url.searchParams.delete(name);
  for (const [name, value] of [...added, version]) url.searchParams.append(name, value);
  return url.href;
}

function pairs(name: string, value: JsonValue | undefined): readonly Pair[] {
  if (value === undefined || value === null) return [];
  if (isJsonObject(value)) return Object.entries(value).flatMap(([key, one]) => pairs(`${name}[${key}]`, one));
  if (typeof value === 'object') return value.flatMap((one: JsonValue) => pairs(`${name}[]`, one));
  return [[name, String(value)]];
}
