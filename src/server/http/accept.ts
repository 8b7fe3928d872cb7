// What a client accepts as its answer: RFC 9110, section 12.5.1, with the media types of GraphQL over HTTP, GraphQL over SSE,
// multipart subscriptions and incremental delivery. A stream is sent only to a client that names its type: no wildcard does.

/**
 * - `graphql-response`, `json`: one result as JSON, with a precise status or for clients of old;
 * - `event-stream`: anything, as server-sent events;
 * - `multipart-subscription`: the events of a subscription, as parts;
 * - `multipart`: the parts of one answer (`@defer`, `@stream`).
 */
export type AnswerType = 'graphql-response' | 'json' | 'event-stream' | 'multipart-subscription' | 'multipart';

/** Most wanted first: by weight, then in the header's order. */
export type Accepted = readonly AnswerType[];

export function readAccept(header: string | undefined): Accepted {
  const wanted: { readonly type: AnswerType; readonly weight: number }[] = [];
  for (const range of split(header ?? '', ',')) {
    const [name = '', ...parameters] = split(range, ';').map((part) => part.trim().toLowerCase());
    const type = answerType(name, parameters);
    const weight = weightOf(parameters);
    if (type !== undefined && weight > 0) wanted.push({ type, weight });
  }
  return wanted.sort((a, b) => b.weight - a.weight).map(({ type }) => type);
}

/** For an answer of one part, also a refusal. Somebody who accepts none of these is used to JSON. */
export function forResult(accepted: Accepted): 'graphql-response' | 'json' | 'event-stream' {
  return first(accepted, ['graphql-response', 'json', 'event-stream']) ?? 'json';
}

export function forSubscription(accepted: Accepted): 'event-stream' | 'multipart-subscription' | undefined {
  return first(accepted, ['event-stream', 'multipart-subscription']);
}

/** For an answer in parts. JSON is not asked for: it can only hold the whole. */
export function forParts(accepted: Accepted): 'event-stream' | 'multipart' | undefined {
  return first(accepted, ['event-stream', 'multipart']);
}

function first<T extends AnswerType>(accepted: Accepted, possible: readonly T[]): T | undefined {
  return accepted.find((type): type is T => possible.some((one) => one === type));
}

function answerType(name: string, parameters: readonly string[]): AnswerType | undefined {
  switch (name) {
    case 'application/graphql-response+json':
      return 'graphql-response';
    case 'application/json':
    case 'application/*':
    case '*/*':
      return 'json';
    case 'text/event-stream':
      return 'event-stream';
    case 'multipart/mixed':
      return parameters.some((parameter) => /^subscriptionspec="?1\.0"?$/.test(parameter))
        ? 'multipart-subscription'
        : 'multipart';
    default:
      return undefined;
  }
}

function weightOf(parameters: readonly string[]): number {
  const given = parameters.find((parameter) => parameter.startsWith('q='))?.slice('q='.length);
  const weight = given === undefined ? 1 : Number(given);
  return weight >= 0 && weight <= 1 ? weight : 1;
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
