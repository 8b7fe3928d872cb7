// What a server holds at this moment, counted where it is taken and given back: the figures that a leak would show in.

/** What a server holds at this moment, and what it has seen. */
export interface ServerStats {
  /** WebSockets that have not ended. */
  readonly connections: number;
  /** Operations that have not been answered to the end, over WebSocket and HTTP. */
  readonly operations: number;
  /** Event sources that were opened and have not ended: they run, or their `return()` has not settled in its time. */
  readonly sources: number;
  /** Since the start: WebSockets that the library below failed for breaking RFC 6455 or the message limit. */
  readonly failedSockets: number;
}

/** The same figures, for those who count. */
export type Counters = { -readonly [Name in keyof ServerStats]: ServerStats[Name] };

export function newCounters(): Counters {
  return { connections: 0, operations: 0, sources: 0, failedSockets: 0 };
}
