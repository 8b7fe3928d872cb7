// Which pages may open a WebSocket. Browsers let every page open one to any server, cookies included, and say in the header
// Origin which page it was: RFC 6455, sections 4.2.2 and 10.2. Whoever sends no such header is no browser.

const defaultPorts: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443', 'ws:': '80', 'wss:': '443' };

/**
 * Compared by host and port, where a port that is not named is the default one of the origin's scheme. `null`, which sandboxed
 * pages and files have, is nobody's.
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
  const authority = authorityOf(url);
  const own = url.protocol in defaultPorts && host !== undefined ? parse(`${url.protocol}//${host}`) : undefined;
  if (own !== undefined && authorityOf(own) === authority) return true;
  return allowed.some((entry) => {
    const candidate = parse(entry);
    return candidate !== undefined && authorityOf(candidate) === authority;
  });
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
