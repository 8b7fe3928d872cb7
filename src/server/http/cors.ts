// Which pages of other origins may read an answer, and what they may send: Fetch standard, section 3.3 "CORS protocol". Browsers
// keep the rule, so that nothing is refused here but their question: a request of a page that may not read is run like any other.

import { listedOrigins } from '../origin.js';
import { joinVary } from './headers.js';
import type { PlainRequest, PlainResponse } from './plain.js';

type Headers = PlainResponse['headers'];

/** What clients read of an answer beside its type. */
const exposed: Headers = { 'Access-Control-Expose-Headers': 'Retry-After, Holdfast-Idempotency' };

/** Those of the single connection mode too. */
const allowedMethods = 'GET, POST, QUERY, PUT, DELETE';

/** How long a browser need not ask again, s: an origin that is taken off the list may send for as long. */
const maxAgeSeconds = 600;

/** Characters of the names of headers that one page asks for. */
const maxNamesLength = 4_096;

/** RFC 9110, section 5.6.2, between commas. */
const headerNames = /^[\w!#$%&'*+.^`|~-]+(?: ?, ?[\w!#$%&'*+.^`|~-]+)*$/;

export class Cors {
  /** Where everybody may: then nothing depends on who asks, and no credentials are taken. */
  readonly #everybody: Headers | undefined;
  readonly #byOrigin: ReadonlyMap<string, Headers>;

  private constructor(allowedOrigins: readonly string[]) {
    this.#everybody = allowedOrigins.includes('*') ? { 'Access-Control-Allow-Origin': '*', ...exposed } : undefined;
    this.#byOrigin = new Map(
      listedOrigins(allowedOrigins).map((origin) => [
        origin,
        {
          'Access-Control-Allow-Origin': origin,
          'Access-Control-Allow-Credentials': 'true',
          ...exposed,
          Vary: 'Origin',
        },
      ]),
    );
  }

  /** Undefined where no origin is listed: then answers say nothing of it. */
  static of(allowedOrigins: readonly string[]): Cors | undefined {
    return allowedOrigins.length === 0 ? undefined : new Cors(allowedOrigins);
  }

  /** The same answer, with whether the page that asked may read it. */
  share({ headers: { origin } }: PlainRequest, response: PlainResponse): PlainResponse {
    const sharing = this.#everybody ?? this.#sharingOf(origin) ?? withheld;
    const headers = { ...response.headers, ...sharing };
    const { Vary } = response.headers;
    if (Vary !== undefined && sharing.Vary !== undefined) headers.Vary = joinVary(Vary, sharing.Vary);
    return { ...response, headers };
  }

  /** Undefined where the page may not. */
  preflight({ headers }: PlainRequest): PlainResponse | undefined {
    if (this.#everybody === undefined && this.#sharingOf(headers.origin) === undefined) return undefined;
    const allowed: Record<string, string> = {
      'Access-Control-Allow-Methods': allowedMethods,
      'Access-Control-Max-Age': `${maxAgeSeconds}`,
      Vary: 'Access-Control-Request-Headers',
    };
    // Whatever it asks for: which headers a `context` reads is the application's affair, and `*` would not hold `Authorization`.
    const names = headers['access-control-request-headers']?.trim() ?? '';
    if (names.length <= maxNamesLength && headerNames.test(names)) allowed['Access-Control-Allow-Headers'] = names;
    return { status: 204, headers: allowed, body: '' };
  }

  #sharingOf(origin: string | undefined): Headers | undefined {
    return origin === undefined ? undefined : this.#byOrigin.get(origin);
  }
}

const withheld: Headers = { Vary: 'Origin' };

/** The page for which a browser asks what it may send; undefined where it does not ask. */
export function preflightOrigin({ method, headers }: PlainRequest): string | undefined {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined ? headers.origin : undefined;
}
