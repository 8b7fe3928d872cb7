// What a Content-Type header says: RFC 9110, sections 8.3.1 and 5.6.6. Generous with whitespace, semicolons and values that
// should have been quoted, because servers are.

export interface MediaType {
  /** In lower case, as in `multipart/mixed`. */
  readonly type: string;
  /** By name, in lower case; values as they are, without their quotes. Of a name that comes twice the first counts. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** How the body of an answer is to be read. */
export type BodyKind = 'json' | 'event-stream' | 'multipart' | 'other';

const essence = /^[ \t]*([\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+)[ \t]*(?:;|$)/;

// Name, then a quoted or a bare value. What else there is before the next semicolon means nothing.
const parameter = /;*([^;=]*)(?:=\s*(?:"((?:[^"\\]|\\.)*)|([^;]*)))?[^;]*/gs;

/** Undefined where the value is no media type. */
export function parseMediaType(value: string): MediaType | undefined {
  const [whole, type] = essence.exec(value) ?? [];
  if (whole === undefined || type === undefined) return undefined;
  const parameters = new Map<string, string>();
  for (const [, rawName = '', quoted, bare] of value.slice(whole.length).matchAll(parameter)) {
    const name = rawName.trim().toLowerCase();
    const text = quoted?.replace(/\\(.)/gs, '$1') ?? bare?.trim();
    if (name !== '' && text !== undefined && !parameters.has(name)) parameters.set(name, text);
  }
  return { type: type.toLowerCase(), parameters: Object.fromEntries(parameters) };
}

export function bodyKind({ type }: MediaType): BodyKind {
  if (type === 'application/json' || type.endsWith('+json')) return 'json';
  if (type === 'text/event-stream') return 'event-stream';
  return type === 'multipart/mixed' ? 'multipart' : 'other';
}

/** Drafts of incremental delivery over HTTP used the boundary `-`, and servers that still do may leave it out. */
export function boundaryOf({ parameters }: MediaType): string {
  return parameters.boundary || '-';
}
