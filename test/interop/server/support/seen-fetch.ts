// The `fetch` that clients of other packages are given, with everything that they ask in sight.

/** A request as a client wrote it. */
export interface Sent {
  readonly method: string;
  /** The parameters of its address. */
  readonly search: URLSearchParams;
  readonly headers: Headers;
  /** The JSON of its body; else the body as it was handed over. */
  readonly body: unknown;
  /** What it was answered with, once it was. */
  answer: { readonly status: number; readonly contentType: string | null } | undefined;
}

export interface SeenFetch {
  readonly fetch: typeof fetch;
  /** In order. */
  readonly sent: readonly Sent[];
}

export function seenFetch(): SeenFetch {
  const sent: Sent[] = [];
  return {
    sent,
    async fetch(input, init) {
      const request = new Request(input, init);
      const one: Sent = {
        method: request.method,
        search: new URL(request.url).searchParams,
        headers: request.headers,
        body: typeof init?.body === 'string' ? JSON.parse(init.body) : init?.body,
        answer: undefined,
      };
      sent.push(one);
      const response = await fetch(request);
      one.answer = { status: response.status, contentType: response.headers.get('content-type') };
      return response;
    },
  };
}
