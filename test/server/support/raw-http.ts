// One HTTP request as node:http sends it, with any header and any target, and its answer with every header line as it came.

import { request as httpRequest, type IncomingMessage } from 'node:http';

export interface GivenRaw {
  readonly method?: string;
  /** What the request line says. Default: the path of the address. */
  readonly target?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Anything but a text is sent as JSON. */
  readonly body?: unknown;
}

export interface RawAnswer {
  readonly status: number;
  /** All lines of the header with this name. */
  lines(name: string): readonly string[];
  readonly text: string;
}

/** Resolves with the head of an answer that stays open. */
export function openRaw(url: string, given: GivenRaw = {}): Promise<IncomingMessage> {
  const { method = 'POST', target, headers = {}, body } = given;
  const { hostname, port, pathname, search } = new URL(url);
  const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
  const json = typeof body === 'string' || body === undefined ? {} : { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port,
      method,
      path: target ?? pathname + search,
      headers: { ...json, ...headers },
      agent: false,
    });
    request.on('response', resolve);
    request.on('error', reject);
    request.end(text);
  });
}

export async function askRaw(url: string, given: GivenRaw = {}): Promise<RawAnswer> {
  const response = await openRaw(url, given);
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  return { status: response.statusCode ?? 0, lines: (name) => linesOf(response, name), text };
}

export function linesOf({ rawHeaders }: IncomingMessage, name: string): readonly string[] {
  return rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name.toLowerCase());
}
