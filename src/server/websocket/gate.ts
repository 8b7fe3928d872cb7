// The gate of a connection, as a pure machine: nothing runs before the connection was accepted. The GraphQL over WebSocket
// protocol, ConnectionInit; for the legacy protocol, whose clients do not wait for the ack, `start` waits behind the init.

import * as CloseCode from '../../protocol/close-codes.js';

/**
 * - `waiting`: for the init; `authorising`: the connect hook decides;
 * - `accepted`: operations run; `ended`: closed, by whomever.
 */
export type GateState = 'waiting' | 'authorising' | 'accepted' | 'ended';

/** `accept` is the connect hook's word; `timeout` fires when the init should have come; `end` is any end of the socket. */
export type GateEvent = 'init' | 'start' | 'accept' | 'timeout' | 'end';

export type GateVerdict =
  | { readonly type: 'ignore' }
  /** Ask the connect hook. */
  | { readonly type: 'authorise' }
  /** Send the ack, then run what was held. */
  | { readonly type: 'acknowledge' }
  /** Send the same ack once more. */
  | { readonly type: 'acknowledge-again' }
  | { readonly type: 'run' }
  /** Keep it until the connection is accepted; it goes with the connection otherwise. */
  | { readonly type: 'hold' }
  | { readonly type: 'close'; readonly code: number; readonly reason: string };

/** `strict` is graphql-transport-ws: a second init and an operation before the ack are faults. */
export function passGate(state: GateState, event: GateEvent, strict: boolean): readonly [GateState, GateVerdict] {
  if (state === 'ended') return ['ended', ignore];
  switch (event) {
    case 'init':
      return onInit(state, strict);
    case 'start':
      return onStart(state, strict);
    case 'accept':
      return state === 'authorising' ? ['accepted', { type: 'acknowledge' }] : [state, ignore];
    case 'timeout':
      return state === 'waiting' ? ['ended', initTimeout] : [state, ignore];
    case 'end':
      return ['ended', ignore];
  }
}

function onInit(state: GateState, strict: boolean): readonly [GateState, GateVerdict] {
  if (state === 'waiting') return ['authorising', { type: 'authorise' }];
  if (strict) return ['ended', tooManyInits];
  // One socket has one identity: the first init's. The hook is not asked twice.
  return [state, state === 'accepted' ? { type: 'acknowledge-again' } : ignore];
}

function onStart(state: GateState, strict: boolean): readonly [GateState, GateVerdict] {
  if (state === 'accepted') return [state, { type: 'run' }];
  return state === 'authorising' && !strict ? [state, { type: 'hold' }] : ['ended', unauthorized];
}

const ignore: GateVerdict = { type: 'ignore' };
const unauthorized: GateVerdict = { type: 'close', code: CloseCode.unauthorized, reason: 'Unauthorized' };
const initTimeout: GateVerdict = {
  type: 'close',
  code: CloseCode.initialisationTimeout,
  reason: 'Connection initialisation timeout',
};
const tooManyInits: GateVerdict = {
  type: 'close',
  code: CloseCode.tooManyInitialisationRequests,
  reason: 'Too many initialisation requests',
};
