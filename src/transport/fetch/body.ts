// The body of a request as fetch takes it. What is in memory or is a Blob goes as one body of known length; a source that is
// opened when its turn comes makes it a stream. Fetch Standard, section "BodyInit unions".

import type { HttpBody, HttpBodyPart } from '../http/exchange.js';

type OpenedPart = Extract<HttpBodyPart, () => unknown>;
type KnownPart = Exclude<HttpBodyPart, OpenedPart>;

export interface FetchBody {
  readonly body: BodyInit | undefined;
  /** Present where the body is a stream. */
  readonly source?: BodySource | undefined;
}

/** The program's own part in a streamed body. */
export interface BodySource {
  /** Of the whole body, in bytes, where it is known. */
  readonly length: number | undefined;
  /** What it failed with: no fault of the network's, whatever the error looks like. */
  readonly trouble: { readonly error: unknown } | undefined;
  /** Nothing more is wanted of it. Platforms do not tell when a request is aborted. */
  release(): void;
}

/** Whether the body can be sent as a stream only. */
export function needsStream(body: string | HttpBody | undefined): boolean {
  return typeof body === 'object' && body.parts.some(isOpened);
}

export function fetchBody(body: string | HttpBody | undefined): FetchBody {
  if (typeof body !== 'object') return { body };
  const { parts } = body;
  const known = parts.filter((part): part is KnownPart => !isOpened(part));
  if (known.length < parts.length) return streamed(body);
  // Uploads copy what lies in shared memory, which the platform's types rule out; older compilers cannot say so.
  const unshared = known as (Blob | Uint8Array<ArrayBuffer>)[];
  const [only] = unshared;
  return { body: unshared.length === 1 ? only : new Blob(unshared) };
}

function isOpened(part: HttpBodyPart): part is OpenedPart {
  return typeof part === 'function';
}

function streamed(given: HttpBody): FetchBody {
  const source = new Source(given);
  // A platform that reads ahead does so by itself.
  return { body: new ReadableStream<Uint8Array>(source, { highWaterMark: 0 }), source };
}

class Source implements BodySource {
  readonly length: number | undefined;
  trouble: BodySource['trouble'];
  readonly #chunks: AsyncGenerator<Uint8Array, void, undefined>;
  #released = false;

  constructor({ parts, length }: HttpBody) {
    this.length = length;
    this.#chunks = inOrder(parts);
  }

  async pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    try {
      const { done, value } = await this.#chunks.next();
      // The end of what was released is not the end of the body, and must not look like it to the server.
      if (this.#released) throw new Error('The request was given up.');
      if (done === true) controller.close();
      else controller.enqueue(value);
    } catch (error) {
      if (!this.#released) this.trouble = { error };
      throw error;
    }
  }

  cancel(): void {
    this.release();
  }

  release(): void {
    this.#released = true;
    // Not waited for: it may be stuck in a wait of its own. How it ends is of no interest any more.
    this.#chunks.return().catch(() => {});
  }
}

async function* inOrder(parts: readonly HttpBodyPart[]): AsyncGenerator<Uint8Array, void, undefined> {
  for (const part of parts) {
    if (isOpened(part)) yield* part();
    else if (part instanceof Blob) yield* part.stream();
    else yield part;
  }
}
