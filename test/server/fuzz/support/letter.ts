// What a server must do with a text, by the letter of the two protocols, for a connection that was accepted and has one operation
// with the id `live`. Written apart from the code that is tested.

import * as CloseCode from '../../../../src/protocol/close-codes.js';
import type { Dialect } from '../../websocket/support/peer.js';

export interface Letter {
  /** The code with which it must close; undefined where it must not. */
  readonly code?: number;
  /** The operation that it must answer to the end, unless that is a subscription. */
  readonly starts?: string;
  /** How many messages that concern no operation it must answer with, by their type. */
  readonly answers?: readonly string[];
}

type Message = Readonly<Record<string, unknown>>;

export function byTheLetter(dialect: Dialect, text: string): Letter {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const isMessage = isObject(value) && typeof value.type === 'string';
  return dialect === 'graphql-transport-ws'
    ? strict(isMessage ? (value as Message) : {})
    : legacy(isMessage ? (value as Message) : undefined);
}

const bad: Letter = { code: CloseCode.badRequest };

function strict({ type, id, payload }: Message): Letter {
  const hasPayload = isObject(payload) || payload === null || payload === undefined;
  switch (type) {
    case 'connection_init':
      return hasPayload ? { code: CloseCode.tooManyInitialisationRequests } : bad;
    case 'ping':
      return hasPayload && canBeWritten(payload) ? { answers: ['pong'] } : bad;
    case 'pong':
      return hasPayload ? {} : bad;
    case 'complete':
      return isId(id) ? {} : bad;
    case 'subscribe':
      if (!isId(id) || !isOperation(payload) || Buffer.byteLength(id) > 128) return bad;
      return id === 'live' ? { code: CloseCode.subscriberAlreadyExists } : { starts: id };
    default:
      return bad;
  }
}

function legacy(message: Message | undefined): Letter {
  const wrong: Letter = { answers: ['connection_error'] };
  if (message === undefined) return wrong;
  const { type, id, payload } = message;
  switch (type) {
    case 'connection_init':
      return isObject(payload) || payload === null || payload === undefined ? { answers: ['connection_ack'] } : wrong;
    case 'connection_terminate':
      return { code: CloseCode.normal };
    case 'start':
      return isId(id) ? { starts: id } : wrong;
    case 'stop':
      return isId(id) ? {} : wrong;
    default:
      return {};
  }
}

function isOperation(payload: unknown): boolean {
  if (!isObject(payload) || typeof payload.query !== 'string') return false;
  const { documentId, operationName, variables, extensions } = payload;
  const mayBe = (value: unknown, fits: boolean): boolean => value === undefined || value === null || fits;
  return (
    mayBe(documentId, typeof documentId === 'string') &&
    mayBe(operationName, typeof operationName === 'string') &&
    mayBe(variables, isObject(variables)) &&
    mayBe(extensions, isObject(extensions))
  );
}

function isId(id: unknown): id is string {
  return typeof id === 'string' && id.length > 0;
}

function isObject(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether this runtime can write it: some write recursively, and give up on what is nested too deeply. */
function canBeWritten(value: unknown): boolean {
  try {
    JSON.stringify(value);
    return true;
  } catch {
    return false;
  }
}
