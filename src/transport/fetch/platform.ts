// Where we run, and what its fetch can do: a browser explains no failure, shares few connections and streams no bodies out.
// Fetch Standard, sections "Requests" and "Body mixin".

/**
 * Whether this is a page or a worker of one. Servers' runtimes have some of the same names: Deno 1 has a window without a
 * document, Cloudflare's workers have a WorkerGlobalScope without importScripts.
 */
export function inBrowser(): boolean {
  const { document, WorkerGlobalScope, importScripts } = globalThis as Readonly<Record<string, unknown>>;
  return document !== undefined || (WorkerGlobalScope !== undefined && importScripts !== undefined);
}

/**
 * Whether a request's body may be a stream. No browser sends one over HTTP/1.1, and which protocol it will use it does not
 * tell; other platforms are asked whether they look at the member `duplex`, which such a body needs.
 */
export function streamsBodies(): boolean {
  if (inBrowser() || typeof ReadableStream === 'undefined') return false;
  let asked = false;
  const init = {
    method: 'POST',
    body: new ReadableStream(),
    get duplex() {
      asked = true;
      return 'half';
    },
  };
  try {
    return !new Request('http://localhost/', init).headers.has('content-type') && asked;
  } catch {
    return false;
  }
}
