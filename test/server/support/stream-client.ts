// An HTTP client below every library of ours: what it was sent is there as text, as far as it has come.

import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { until } from './serving.js';

export interface StreamRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

export class StreamClient {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  /** How it ended: `complete` by the rules of HTTP, or `cut`. */
  readonly ended: Promise<'complete' | 'cut'>;
  readonly #response: IncomingMessage;
  #text = '';

  private constructor(response: IncomingMessage) {
    this.#response = response;
    this.status = response.statusCode;
    this.headers = response.headers;
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      this.#text += chunk;
    });
    response.on('error', () => {});
    this.ended = new Promise((resolve) => {
      response.on('close', () => resolve(response.complete ? 'complete' : 'cut'));
    });
  }

  static open(url: string, { method = 'POST', headers = {}, body }: StreamRequest): Promise<StreamClient> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const sent = request(url, {
        method,
        headers: {
          ...(text === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': `${Buffer.byteLength(text)}` }),
          ...headers,
        },
        agent: false,
      });
      sent.once('response', (response) => resolve(new StreamClient(response)));
      sent.on('error', reject);
      sent.end(text);
    });
  }

  /** A POST of this operation. */
  static run(url: string, accept: string, query: string, rest: object = {}): Promise<StreamClient> {
    return StreamClient.open(url, { headers: { accept }, body: { query, ...rest } });
  }

  get text(): string {
    return this.#text;
  }

  /** Waits until the text has come. */
  async receive(text: string): Promise<void> {
    await until(() => this.#text.includes(text));
  }

  async complete(): Promise<string> {
    const how = await this.ended;
    if (how !== 'complete') throw new Error(`It was cut after ${this.#text}`);
    return this.#text;
  }

  pause(): void {
    this.#response.pause();
  }

  resume(): void {
    this.#response.resume();
  }

  /** The client goes. */
  leave(): void {
    this.#response.destroy();
  }
}
