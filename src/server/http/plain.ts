// The seam between GraphQL over HTTP and whatever framework carries it: a plain request in, a plain response or a stream out.
// Nothing here is Node's: an adapter makes a request of what its framework has, and writes what comes back.

import type { RequestHeaders } from '../hook-types.js';

/** One request, as any framework can hand it over. */
export interface PlainRequest {
  readonly method: string;
  /** Path and query, as in a request line: `/graphql?query=...`. */
  readonly url: string;
  /** Names in lower case; a header that came several times is joined with commas. */
  readonly headers: RequestHeaders;
  /** The address of the peer's socket, where the framework knows it. */
  readonly remoteAddress: string | undefined;
  /**
   * Aborted when the client goes away before its answer is complete, and when the answer is cut. Most answers never need it:
   * an adapter may make it when it is asked for.
   */
  readonly signal: AbortSignal;
  /** Whether it is aborted. Default: what the signal says. */
  readonly aborted?: boolean | undefined;
  /**
   * Calls back once when it aborts, or at once where it has been. Any number may wait, without a word of Node about too many
   * listeners. Default: the signal does.
   */
  whenAborted?(listener: () => void): void;
  /** What the framework has made of a JSON body already; undefined where the body has not been read. */
  readonly parsedBody?: unknown;
  /** Reads the body as text, and calls back once. To be called once; never throws. */
  readText(limitBytes: number, read: (body: BodyText) => void): void;
  /** The body as it comes, for files. Once, instead of `readText`. Throws where the client goes before its end. */
  readChunks(): AsyncIterable<Uint8Array>;
}

/** `too-large`: beyond the limit; `gone`: the client went before its end. */
export type BodyText = { readonly text: string } | 'too-large' | 'gone';

export interface PlainResponse {
  readonly status: number;
  /** Names as they are usually written. `Content-Length` is the adapter's. */
  readonly headers: Readonly<Record<string, string>>;
  /** Complete, or an answer that stays open. */
  readonly body: string | BodyStream;
  /** The rest of the request has not been read and is not wanted: its connection is not used again. */
  readonly dropsRequest?: boolean | undefined;
  /** The server is leaving: where a connection carries one request at a time, it is not used again after this answer. */
  readonly endsConnection?: boolean | undefined;
}

/**
 * An answer that stays open. `start` is called exactly once, when the head has been written; also where the client has gone
 * already: `closed` follows.
 */
export interface BodyStream {
  start(writer: BodyWriter): BodyEvents;
}

/** What a stream does to its response. No method throws, also when the client has gone. */
export interface BodyWriter {
  write(text: string): void;
  /** Nothing follows. */
  end(): void;
  /** Ends it in a way that no client can take for its end. */
  cut(): void;
  /** Bytes that were written and not yet taken by the kernel. */
  readonly backlog: number;
}

/** What a response tells its stream. */
export interface BodyEvents {
  /** Bytes were taken: `backlog` has fallen. */
  flushed(): void;
  /** Once: the response is over, by itself or by its client. */
  closed(): void;
}
