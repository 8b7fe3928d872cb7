// One subscription as the model executor serves it: a source that keeps what nobody has asked for yet.

import type { Result } from '../../protocol/result.js';
import type { Stream } from './journal.js';
import type { Asked } from './questions.js';

type Step = IteratorResult<Result, undefined>;

interface Pull {
  readonly resolve: (step: Step) => void;
  readonly reject: (error: Error) => void;
}

const done: Step = { done: true, value: undefined };

export class LocalFeed implements AsyncIterator<Result, undefined> {
  readonly #stream: Stream;
  readonly #asked: Asked;
  readonly #pad: string;
  readonly #closed: () => void;
  readonly #results: Result[] = [];
  #pull: Pull | undefined;
  /** How it ends once everything was asked for. */
  #end: Error | 'done' | undefined;

  /** `pad` makes an event too large. `closed` is called once. */
  constructor(stream: Stream, asked: Asked, pad: string, closed: () => void) {
    this.#stream = stream;
    this.#asked = asked;
    this.#pad = pad;
    this.#closed = closed;
  }

  publish(number: number): void {
    if (!this.#stream.active) return;
    const { answer, events, token } = this.#asked;
    if (this.#stream.sent.length < events || answer === 'data') {
      this.#stream.sent.push(number);
      this.#results.push({ data: { token, stream: this.#stream.number, number } });
    } else {
      this.#over(answer === 'error' ? new Error(`end of ${token}`) : 'done');
      if (answer === 'too-large') this.#results.push({ data: { token, pad: this.#pad } });
    }
    const pull = this.#pull;
    this.#pull = undefined;
    if (pull !== undefined) this.next().then(pull.resolve, pull.reject);
  }

  next(): Promise<Step> {
    const value = this.#results.shift();
    if (value !== undefined) return Promise.resolve({ done: false, value });
    if (this.#end instanceof Error) return Promise.reject(this.#end);
    if (this.#end === 'done') return Promise.resolve(done);
    return new Promise((resolve, reject) => {
      this.#pull = { resolve, reject };
    });
  }

  return(): Promise<Step> {
    this.#over('done');
    this.#pull?.resolve(done);
    this.#pull = undefined;
    return Promise.resolve(done);
  }

  #over(end: Error | 'done'): void {
    this.#end ??= end;
    if (this.#stream.active) this.#closed();
    this.#stream.active = false;
  }
}
