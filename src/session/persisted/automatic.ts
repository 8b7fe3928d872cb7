// Automatic persisted queries: documents are sent as their SHA-256, and whole only to a server that does not know them yet.
// Follows the protocol that Apollo has defined; the same over HTTP, SSE and WebSocket, because a request says it in `extensions`.

import { operationKinds } from '../../protocol/document/scanner.js';
import { OptionError } from '../../protocol/errors/option-error.js';
import { refuseUnknownOptions } from '../../protocol/options.js';
import type { GraphQLError, OperationKind } from '../../protocol/result.js';
import type { Failure, Handle, Request, Sink } from '../../transport/contract.js';
import type { Interceptor, Start } from '../interceptors.js';
import { mapRequest } from '../map-request.js';
import { type Refusal, refusalIn, withoutText, withPersistedQuery } from './extension.js';
import { canHash, hashOf } from './hash.js';

export interface AutomaticPersistedQueriesOptions {
  /**
   * Which operations are sent as hashes; those with uploads never are. Default `['query']`. A mutation that the server does
   * not know by its hash is sent a second time, with its text, after the server has answered that it did not run it: that
   * repeats no write.
   */
  readonly operations?: readonly OperationKind[] | undefined;
}

/**
 * An interceptor of calls that sends each document as a hash, and once more with its text where the server answers
 * `PersistedQueryNotFound`; that counts as a second attempt. Where the server answers `PersistedQueryNotSupported`, or that it
 * misses the text, the session sends operations of that kind whole from then on. Any other answer is the caller's.
 *
 * Over a WebSocket, make sure that the server does persisted queries: one that does not may end the connection over the missing
 * text, as graphql-ws does. Queries and subscriptions are then sent whole on the next one; a mutation has an unknown outcome.
 *
 * The first run of a document waits for its hash; a program that has none, because `crypto.subtle` is missing off secure
 * origins, is warned once per session and sends documents whole.
 *
 * @throws OptionError
 * @example `createSession({ transport, interceptors: { call: [automaticPersistedQueries()] } })`
 */
export function automaticPersistedQueries(options: AutomaticPersistedQueriesOptions = {}): Interceptor {
  const operations = resolveOperations(options);
  return (next, session) => {
    if (!canHash()) {
      console.warn(
        'holdfast: there are no automatic persisted queries here, because crypto.subtle, which hashes documents, is missing: ' +
          'browsers have it on secure origins (https, localhost) only. Documents are sent whole.',
      );
      return next;
    }
    // Kind by kind, because subscriptions may go to another server than queries.
    const whole = new Set<OperationKind>();
    const underHash = mapRequest((request) => {
      const hash = hashOf(request.query);
      return typeof hash === 'string'
        ? withPersistedQuery(request, hash)
        : hash.then((computed) => withPersistedQuery(request, computed));
    });
    return (plain, sink) => {
      const { kind, query, uploads } = plain;
      // Files would be sent twice where the server does not know the document.
      const asItIs = query === '' || uploads !== undefined || !operations.includes(kind) || whole.has(kind);
      if (asItIs) return next(plain, sink);
      const start = underHash((hashed, hashedSink) => {
        const exchange = new Exchange(next, plain, hashed, hashedSink, () => whole.add(kind));
        exchange.send('hash');
        return exchange;
      }, session);
      return start(plain, sink);
    };
  };
}

/** What a document is sent as. */
type Form = 'hash' | 'hash and text' | 'text';

/** One operation, sent until the server has a form of its document that it takes. */
class Exchange implements Handle {
  readonly #next: Start;
  readonly #plain: Request;
  readonly #hashed: Request;
  readonly #sink: Sink;
  readonly #sendWhole: () => void;
  #handle: Handle | undefined;
  #form: Form = 'hash';
  /** Something has come of the last send that is no refusal. */
  #answered = false;

  /** `plain`: as it came; `hashed`: the same with the hash; `sendWhole`: the server takes texts only. */
  constructor(next: Start, plain: Request, hashed: Request, sink: Sink, sendWhole: () => void) {
    this.#next = next;
    this.#plain = plain;
    this.#hashed = hashed;
    this.#sink = sink;
    this.#sendWhole = sendWhole;
  }

  get flow(): Handle['flow'] {
    return this.#handle?.flow;
  }

  cancel(): void {
    this.#handle?.cancel();
  }

  send(form: Form): void {
    this.#form = form;
    this.#answered = false;
    const request = { hash: withoutText(this.#hashed), 'hash and text': this.#hashed, text: this.#plain }[form];
    const sink = this.#sink;
    const handle = this.#next(request, {
      // Perhaps on another connection, whose server may not know the document.
      sending: () => {
        this.#answered = false;
        sink.sending();
      },
      next: (...answer) => {
        const [{ data, errors }] = answer;
        if ((data === undefined || data === null) && this.#sendsAgain(errors)) return;
        this.#answered = true;
        sink.next(...answer);
      },
      error: (failure) => {
        if (!this.#sendsAgain(errorsOf(failure))) sink.error(failure);
      },
      complete: () => sink.complete(),
    });
    // Its answer may have come at once, and this be the handle of what is over.
    if (this.#form === form) this.#handle = handle;
  }

  #sendsAgain(errors: readonly GraphQLError[] | undefined): boolean {
    const refusal = this.#answered ? undefined : refusalIn(errors);
    const form = refusal && formAfter(refusal, this.#form);
    if (form === undefined) return false;
    if (form === 'text') this.#sendWhole();
    // Where a server says it in an event, the subscription goes on.
    this.#handle?.cancel();
    this.send(form);
    return true;
  }
}

/** Some servers close the connection over a text that is missing, and give their error as the reason. */
function errorsOf({ code, errors, closeReason }: Failure): readonly GraphQLError[] | undefined {
  if (code === 'graphql-errors') return errors;
  return closeReason === undefined ? undefined : [{ message: closeReason }];
}

/** Undefined where the server has that form already, and refuses it all the same. */
function formAfter(refusal: Refusal, sent: Form): Form | undefined {
  if (sent === 'text') return undefined;
  if (refusal === 'unsupported') return 'text';
  if (sent === 'hash and text') return undefined;
  return refusal === 'unknown' ? 'hash and text' : 'text';
}

function resolveOperations(options: AutomaticPersistedQueriesOptions): readonly OperationKind[] {
  refuseUnknownOptions('the options of automaticPersistedQueries()', options, ['operations']);
  const operations: unknown = options.operations ?? ['query'];
  if (Array.isArray(operations) && operations.every((kind) => operationKinds.includes(kind))) return [...operations];
  throw new OptionError('operations', `Option "operations" must be a list of ${operationKinds.join(', ')}.`);
}
