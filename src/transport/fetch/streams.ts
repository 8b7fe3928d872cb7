// Counts the streams of this page to each origin. Over HTTP/1.1 a browser opens six connections to an origin and shares them
// among all its tabs; a stream keeps one for as long as it lives, and the seventh request waits for ever.

const suspiciousCount = 4;

const open = new Map<string, number>();
const warned = new Set<string>();

/** A stream begins; the returned function ends it. Warns once for each origin, when the fourth runs beside three others. */
export function countStream(origin: string): () => void {
  const count = (open.get(origin) ?? 0) + 1;
  open.set(origin, count);
  if (count === suspiciousCount && !warned.has(origin) && !isMultiplexed(origin)) {
    warned.add(origin);
    console.warn(
      `holdfast: this page holds ${count} streams to ${origin} open. Over HTTP/1.1 a browser has six connections to an origin for all its tabs, and each stream keeps one: further requests will wait. Let one stream carry all subscriptions (GraphQL over SSE, single connection mode), use holdfast/websocket, or serve ${origin} over HTTP/2.`,
    );
  }
  return () => {
    const left = (open.get(origin) ?? 0) - 1;
    if (left > 0) open.set(origin, left);
    else open.delete(origin);
  };
}

/** Whether the browser has told of an answer of this origin over HTTP/2 or 3. Resource Timing, `nextHopProtocol`. */
function isMultiplexed(origin: string): boolean {
  const entries = [...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')];
  return entries.some(
    (entry) =>
      entry.name.startsWith(`${origin}/`) &&
      /^h[23]/.test((entry as Partial<PerformanceResourceTiming>).nextHopProtocol ?? ''),
  );
}
