// The client's side of Absinthe over a Phoenix channel: documents are sent to a control channel, a subscription's events come
// under the id that the reply to its document gives it. Phoenix, "Writing a Channels Client", and absinthe_phoenix. Unlike the
// other dialects it remembers: which documents are unanswered, and which id belongs to which subscription.

import * as CloseCode from '../../close-codes.js';
import { isJsonObject, type JsonObject } from '../../json.js';
import { operationText } from '../../operation-text.js';
import { describe } from '../../options.js';
import type { GraphQLError, Result } from '../../result.js';
import type { ClientDialect, OperationStart, ServerMessage } from '../dialect.js';
import { invalid, noNews, readErrors, readResult } from '../read-answer.js';
import { type Frame, frameText, readFrame } from './frame.js';

/** The topic of what concerns the socket itself. */
const socketTopic = 'phoenix';
const joinRef = 'join';
/** So many events may come before the reply that says whose they are. */
const maxEarlyEvents = 1_000;

/** `channel`: the topic of Absinthe's control channel. For one connection. */
export function phoenixClient(channel: string): ClientDialect {
  return new PhoenixClient(channel);
}

class PhoenixClient implements ClientDialect {
  readonly subprotocol: undefined;
  readonly #channel: string;
  /** Documents whose reply is due, by the id of their operation; `stopped` ones are wanted no more. */
  readonly #unanswered = new Map<string, 'wanted' | 'stopped'>();
  /** The id that the server gave a subscription, by that of its operation. */
  readonly #subscriptionOf = new Map<string, string>();
  /** The operations of a subscription: a server may give equal documents the same id. */
  readonly #operationsOf = new Map<string, Set<string>>();
  /** Subscriptions to be left once it is sure that no unanswered document belongs to one of them. */
  readonly #leaving = new Set<string>();
  /** Events that came before the reply that says whose they are. */
  readonly #early = new Map<string, Result[]>();
  #earlyEvents = 0;

  constructor(channel: string) {
    this.#channel = channel;
  }

  init(payload: JsonObject | undefined): string {
    return frameText(joinRef, joinRef, this.#channel, 'phx_join', JSON.stringify(payload ?? {}));
  }

  /** Absinthe knows no extensions. */
  start(id: string, { query, operationName, variables }: OperationStart): string {
    this.#unanswered.set(id, 'wanted');
    const document = operationText({ query, operationName, variables }, 'empty');
    return frameText(joinRef, id, this.#channel, 'doc', document);
  }

  /** A query or mutation cannot be stopped, and a subscription only when its id is known. */
  stop(id: string): string | undefined {
    if (this.#unanswered.has(id)) this.#unanswered.set(id, 'stopped');
    const subscription = this.#subscriptionOf.get(id);
    if (subscription === undefined) return undefined;
    this.#subscriptionOf.delete(id);
    const operations = this.#operationsOf.get(subscription);
    operations?.delete(id);
    if (operations?.size !== 0) return undefined;
    this.#operationsOf.delete(subscription);
    this.#leaving.add(subscription);
    return this.#leave()[0];
  }

  /** Its reply can carry nothing back. */
  ping(): string {
    return frameText(undefined, 'heartbeat', socketTopic, 'heartbeat', '{}');
  }

  pong(): undefined {}

  terminate(): string {
    return frameText(joinRef, 'leave', this.#channel, 'phx_leave', '{}');
  }

  receive(text: string, parse?: (text: string) => unknown): ServerMessage {
    const frame = readFrame(text, parse);
    if (typeof frame === 'string') return invalid(frame);
    const { topic, event } = frame;
    if (event === 'subscription:data') return this.#readEvent(frame);
    if (topic === socketTopic) return readHeartbeat(frame);
    if (topic !== this.#channel) return noNews;
    if (event === 'phx_reply') return this.#readReply(frame);
    if (event === 'phx_error') return { type: 'ended', code: CloseCode.internalError, reason: 'The channel crashed' };
    if (event === 'phx_close') return { type: 'ended', code: CloseCode.normal, reason: 'The channel was closed' };
    return noNews;
  }

  #readReply({ ref, payload }: Frame): ServerMessage {
    const ok = payload.status === 'ok';
    const response = isJsonObject(payload.response) ? payload.response : {};
    if (ref === joinRef) return { type: ok ? 'ack' : 'refused', payload: response };
    const state = ref === undefined ? undefined : this.#unanswered.get(ref);
    if (ref === undefined || state === undefined) return noNews;
    this.#unanswered.delete(ref);
    const wanted = state === 'wanted';
    const messages = ok ? this.#readOutcome(ref, wanted, response) : wanted ? [refusedDocument(ref, response)] : [];
    return { type: 'several', messages: [...messages, ...this.#settle()] };
  }

  #readOutcome(id: string, wanted: boolean, response: JsonObject): readonly ServerMessage[] {
    const { subscriptionId } = response;
    if (typeof subscriptionId === 'string') return this.#subscribed(id, wanted, subscriptionId);
    if (!wanted) return [];
    const result = readResult(response);
    return typeof result === 'string'
      ? [{ type: 'invalid', id, reason: `The reply to a document is no result: ${result}` }]
      : [
          { type: 'next', id, result },
          { type: 'complete', id },
        ];
  }

  #subscribed(id: string, wanted: boolean, subscription: string): readonly ServerMessage[] {
    const operations = this.#operationsOf.get(subscription) ?? new Set();
    if (wanted) {
      this.#operationsOf.set(subscription, operations.add(id));
      this.#subscriptionOf.set(id, subscription);
      const early = this.#early.get(subscription) ?? [];
      return early.map((result) => ({ type: 'next', id, result }));
    }
    if (operations.size === 0) this.#leaving.add(subscription);
    return [];
  }

  /** What had to wait until no reply was due any more. */
  #settle(): readonly ServerMessage[] {
    if (this.#unanswered.size > 0) return [];
    this.#early.clear();
    this.#earlyEvents = 0;
    return this.#leave().map((text) => ({ type: 'send', text }));
  }

  /** A document that is on its way may be given the id that is being left: then it is the server's reply that decides. */
  #leave(): readonly string[] {
    if (this.#unanswered.size > 0) return [];
    const left = [...this.#leaving].filter((subscription) => !this.#operationsOf.has(subscription));
    this.#leaving.clear();
    return left.map((subscription) =>
      frameText(joinRef, 'unsubscribe', this.#channel, 'unsubscribe', JSON.stringify({ subscriptionId: subscription })),
    );
  }

  #readEvent({ topic, payload }: Frame): ServerMessage {
    const subscription = typeof payload.subscriptionId === 'string' ? payload.subscriptionId : topic;
    const operations = this.#operationsOf.get(subscription);
    // One that was left may still be on its way; one that is not known yet belongs to an unanswered document, if to any.
    if (operations === undefined && this.#unanswered.size === 0) return noNews;
    const result = isJsonObject(payload.result) ? readResult(payload.result) : describe(payload.result);
    if (typeof result === 'string') return invalid(`Message "subscription:data": "result" is no result: ${result}`);
    if (operations === undefined) return this.#keep(subscription, result);
    const messages = [...operations].map((id): ServerMessage => ({ type: 'next', id, result }));
    return messages.length === 1 && messages[0] !== undefined ? messages[0] : { type: 'several', messages };
  }

  #keep(subscription: string, result: Result): ServerMessage {
    this.#earlyEvents += 1;
    if (this.#earlyEvents > maxEarlyEvents) {
      return invalid(`More than ${maxEarlyEvents} events came of subscriptions that the server has not confirmed`);
    }
    const kept = this.#early.get(subscription);
    if (kept === undefined) this.#early.set(subscription, [result]);
    else kept.push(result);
    return noNews;
  }
}

function readHeartbeat({ event, payload }: Frame): ServerMessage {
  return event === 'phx_reply' && payload.status === 'ok' ? { type: 'pong', payload: undefined } : noNews;
}

/** Absinthe says what is wrong with a document as GraphQL errors; channels say it in a word. */
function refusedDocument(id: string, response: JsonObject): ServerMessage {
  const { errors, reason, error } = response;
  const listed = Array.isArray(errors) ? readErrors(errors) : undefined;
  const word = [reason, error].find((text) => typeof text === 'string' && text !== '');
  const fallback: GraphQLError = {
    message: typeof word === 'string' ? word : 'The server refused the document and did not say why.',
  };
  return { type: 'error', id, errors: listed ?? [fallback] };
}
