// The body of a request as fetch takes it. What is in memory or is a Blob goes as one body of known length; a source that is
// opened when its turn comes makes it a stream. Fetch Standard, section "BodyInit unions".

import type { HttpBody, HttpBodyPart } from '../http/exchange.js';

type Source = Extract<HttpBodyPart, () => unknown>;
type KnownPart = Exclude<HttpBodyPart, Source>;

export interface FetchBody {
  readonly body: string | Uint8Array<ArrayBuffer> | Blob | ReadableStream<Uint8Array> | undefined;
  /** Present where the body is a stream. */
  readonly source?: BodySource | undefined;
}

/** The program's own part in a streamed body. */
export interface BodySource {
  /** What it failed with: no fault of the network's, whatever the error looks like. */
  readonly trouble: { readonly error: unknown } | undefined;
}

/** Whether the body can be sent as a stream only. */
export function needsStream(body: string | HttpBody | undefined): boolean {
  return typeof body === 'object' && body.parts.some(isSource);
}

export function fetchBody(body: string | HttpBody | undefined): FetchBody {
  if (typeof body !== 'object') return { body };
  const { parts } = body;
  const known = parts.filter((part): part is KnownPart => !isSource(part));
  if (known.length < parts.length) return streamed(parts);
  const [only] = known;
  return { body: known.length === 1 ? only : new Blob(known) };
}

function isSource(part: HttpBodyPart): part is Source {
  return typeof part === 'function';
}

function streamed(parts: readonly HttpBodyPart[]): FetchBody {
  const source: { trouble: BodySource['trouble'] } = { trouble: undefined };
  const chunks = inOrder(parts);
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await chunks.next();
          if (done === true) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          source.trouble = { error };
          throw error;
        }
      },
      cancel() {
        // Not waited for: a source may be stuck in a wait of its own. How it ends is of no interest any more.
        chunks.return().catch(() => {});
      },
    },
    // Nothing is asked of a source before the platform wants to send it.
    { highWaterMark: 0 },
  );
  return { body, source };
}

async function* inOrder(parts: readonly HttpBodyPart[]): AsyncGenerator<Uint8Array, void, undefined> {
  for (const part of parts) {
    if (isSource(part)) yield* part();
    else if (part instanceof Blob) yield* part.stream();
    else yield part;
  }
}
