// What a client accepts as its answer: RFC 9110, section 12.5.1, with the media types of GraphQL over HTTP, GraphQL over SSE,
// multipart subscriptions and incremental delivery. A stream is sent only to a client that names its type: no wildcard does.

import type { IncrementalFormat } from '../../protocol/executor.js';

/** What a client wants most of those that can hold it: by weight, then in the header's order. */
export interface Accepted {
  /** For an answer of one part, also a refusal. Somebody who accepts none of these is used to JSON. */
  readonly result: 'graphql-response' | 'json' | 'event-stream';
  readonly subscription: 'event-stream' | 'multipart' | undefined;
  /** For an answer in parts (`@defer`, `@stream`). JSON is not asked for: it can only hold the whole. */
  readonly parts: Parts | undefined;
}

export interface Parts {
  readonly type: 'event-stream' | 'multipart';
  readonly format: IncrementalFormat;
  /** The parameter of the media type that named the format, where one did. */
  readonly spec: string | undefined;
}

interface Range {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly weight: number;
}

/** Clients of one kind all send the same header: those that come often are read once. */
const known = new Map<string, Accepted>();
const maxKnown = 100;
const maxKnownLength = 1_000;

export function readAccept(header: string = ''): Accepted {
  const found = known.get(header);
  if (found !== undefined) return found;
  const accepted = read(header);
  if (header.length <= maxKnownLength) {
    if (known.size >= maxKnown) known.clear();
    known.set(header, accepted);
  }
  return accepted;
}

function read(header: string): Accepted {
  const accepted: { -readonly [Name in keyof Accepted]: Accepted[Name] | undefined } = {
    result: undefined,
    subscription: undefined,
    parts: undefined,
  };
  for (const { name, parameters } of split(header, ',').map(readRange).filter(isWanted).sort(byWeight)) {
    switch (name) {
      case 'application/graphql-response+json':
        accepted.result ??= 'graphql-response';
        break;
      case 'application/json':
      case 'application/*':
      case '*/*':
        accepted.result ??= 'json';
        break;
      case 'text/event-stream':
        accepted.result ??= 'event-stream';
        accepted.subscription ??= 'event-stream';
        accepted.parts ??= readParts('event-stream', parameters);
        break;
      case 'multipart/mixed':
        if (parameters.some((one) => /^subscriptionspec="?1\.0"?$/.test(one))) accepted.subscription ??= 'multipart';
        else accepted.parts ??= readParts('multipart', parameters);
        break;
    }
  }
  const { result = 'json', subscription, parts } = accepted;
  return { result, subscription, parts };
}

function readParts(type: Parts['type'], parameters: readonly string[]): Parts {
  for (const parameter of parameters) {
    if (/^deferspec="?20220824"?$/.test(parameter)) return { type, format: '2022-08-24', spec: 'deferSpec=20220824' };
    if (/^incrementalspec="?v0\.2"?$/.test(parameter)) return { type, format: 'current', spec: 'incrementalSpec=v0.2' };
  }
  return { type, format: 'current', spec: undefined };
}

function readRange(range: string): Range {
  const [name = '', ...parameters] = split(range, ';').map((part) => part.trim().toLowerCase());
  const given = parameters.find((parameter) => parameter.startsWith('q='))?.slice('q='.length);
  const weight = given === undefined ? 1 : Number(given);
  return { name, parameters, weight: weight >= 0 && weight <= 1 ? weight : 1 };
}

function isWanted({ weight }: Range): boolean {
  return weight > 0;
}

function byWeight(a: Range, b: Range): number {
  return b.weight - a.weight;
}

/** Quoted text may hold the separator: `boundary="a,b"`. */
function split(text: string, separator: ',' | ';'): string[] {
  const parts: string[] = [];
  let from = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    if (quoted && text[at] === '\\') at += 1;
    else if (text[at] === '"') quoted = !quoted;
    else if (text[at] === separator && !quoted) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, text.slice(from)];
}
