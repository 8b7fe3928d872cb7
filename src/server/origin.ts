// Which pages may use the server: RFC 6454, sections 4 and 6.2. Browsers say in the header Origin which page asks; they let every
// page open a WebSocket to any server, cookies included (RFC 6455, sections 4.2.2 and 10.2). Who sends no such header is no browser.

const defaultPorts: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443', 'ws:': '80', 'wss:': '443' };

/** The scheme of the pages that use a scheme of sockets. */
const schemeOfPages: Readonly<Record<string, string>> = { 'ws:': 'http:', 'wss:': 'https:' };

/**
 * Whether a page of this origin may open a WebSocket. The own origin is known by host and port, where a port that is not named is
 * the default one of the origin's scheme: a proxy may have taken TLS off. `null`, which sandboxed pages and files have, is nobody's.
 *
 * @param host The header Host of the request: the server's own origin may always.
 */
export function isOriginAllowed(
  origin: string | undefined,
  host: string | undefined,
  allowed: readonly string[],
): boolean {
  if (origin === undefined || allowed.includes('*')) return true;
  const url = parse(origin);
  if (url === undefined) return false;
  const own = url.protocol in defaultPorts && host !== undefined ? parse(`${url.protocol}//${host}`) : undefined;
  if (own !== undefined && authorityOf(own) === authorityOf(url)) return true;
  return listedOrigins(allowed).includes(asBrowsersSay(url));
}

/** Those of a list, without `*`, as browsers say them: compared by scheme, host and port. */
export function listedOrigins(allowed: readonly string[]): readonly string[] {
  return allowed.flatMap((entry) => {
    const url = parse(entry);
    return url === undefined ? [] : asBrowsersSay(url);
  });
}

function asBrowsersSay({ protocol, host }: URL): string {
  return `${schemeOfPages[protocol] ?? protocol}//${host}`;
}

/** Schemes that have no ports, as of browser extensions, are a part of it. */
function authorityOf(url: URL): string {
  const defaultPort = defaultPorts[url.protocol];
  return defaultPort === undefined ? `${url.protocol}//${url.host}` : `${url.hostname}:${url.port || defaultPort}`;
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
