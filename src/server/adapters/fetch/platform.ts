// The platform's classes, as far as they are used: Fetch standard, sections 5.3 and 5.5; WebSockets standard, section 3. Structural,
// because where they are declared differs from runtime to runtime.

import type { RequestHeaders } from '../../hook-types.js';

/** A `Request` of any runtime. */
export interface FetchRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: { forEach(callback: (value: string, name: string) => void): void };
  readonly body: FetchBody | null;
  readonly bodyUsed: boolean;
  readonly signal: AbortSignal;
}

export interface FetchBody {
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
    cancel(reason?: unknown): Promise<void>;
  };
}

/** The runtime's own `Response`. */
export type FetchResponse = typeof globalThis extends { Response: { prototype: infer Response } } ? Response : object;

/** What a framework knows about a request that the request does not tell. */
export interface RequestInfo {
  /** The address of the peer's socket. */
  readonly remoteAddress?: string | undefined;
  /** The JSON of the body, where something before has read it already. */
  readonly parsedBody?: unknown;
}

/** A WebSocket that a runtime has accepted: of Deno.upgradeWebSocket, one of a WebSocketPair, or another with the interface. */
export interface ServerWebSocket {
  readonly readyState: number;
  /** What was agreed on; empty for nothing. */
  readonly protocol: string;
  /** Where the runtime tells it. */
  readonly bufferedAmount?: number | undefined;
  send(text: string): void;
  close(code?: number, reason?: string): void;
  /** Ends it at once; not in the standard. */
  terminate?(): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(
    type: 'close',
    listener: (event: { readonly code: number; readonly reason: string; readonly wasClean: boolean }) => void,
  ): void;
  addEventListener(type: 'error', listener: (event: unknown) => void): void;
}

/** The upgrade request of a WebSocket. */
export interface WebSocketInfo {
  /** Of the upgrade request: a `Headers`, or an object with names in lower case. */
  readonly headers?: FetchRequest['headers'] | RequestHeaders | undefined;
  /** The subprotocol that was agreed on. Default: what the socket says. */
  readonly protocol?: string | undefined;
  readonly remoteAddress?: string | undefined;
}
