// The servers' side of both subprotocols: what is understood, which fault costs what, and what any text becomes.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxCloseReasonBytes } from '../../../src/protocol/close-reason.js';
import type { ClientMessage, ServerDialect } from '../../../src/protocol/dialects/dialect.js';
import { legacyWsServer, transportWsServer } from '../../../src/protocol/dialects/index.js';
import { isJsonObject } from '../../../src/protocol/json.js';
import { deepJson, foreignText } from './foreign-text.js';

type Row = readonly [what: string, message: unknown, verdict: object];

const text = (message: unknown) => (typeof message === 'string' ? message : JSON.stringify(message));
const bytes = (reason: string) => new TextEncoder().encode(reason).length;

function understands(dialect: ServerDialect, rows: readonly Row[]) {
  it.each(rows)('%s', (_, message, verdict) => {
    const heard = dialect.receive(text(message));
    expect(heard).toMatchObject(verdict);
    if ('reason' in heard) expect(heard.reason.length).toBeGreaterThan(10);
    if (heard.type === 'close') expect(bytes(heard.reason)).toBeLessThanOrEqual(maxCloseReasonBytes);
  });
}

const full = { query: 'query A { a }', operationName: 'A', variables: { v: 1 }, extensions: { e: 1 } };
const closed = { type: 'close', code: 4400 };
const badMessage = { type: 'bad-message' };

/** Messages that are none, whatever the dialect: what they cost differs. */
function noMessageAtAll(verdict: object): readonly Row[] {
  return [
    ['text that is not JSON', 'hello', verdict],
    ['empty text', '', verdict],
    ['an array', '[]', verdict],
    ['null', 'null', verdict],
    ['a string', '"x"', verdict],
    ['a number', '5', verdict],
    ['an object without a type', '{}', verdict],
    ['a type that is a number', { type: 5 }, verdict],
    ['a type that only a prototype has', '{"__proto__":{"type":"connection_init"}}', verdict],
    ['very deep JSON', deepJson(), verdict],
    ['very deep JSON as a type', `{"type":${deepJson()}}`, verdict],
  ];
}

/** Messages that start an operation and lack something usable to run. */
function unusablePayloads(type: string, verdict: object): readonly Row[] {
  const start = (payload: unknown) => ({ type, id: '1', payload });
  return [
    ['an operation without a payload', { type, id: '1' }, verdict],
    ['an operation with null for a payload', start(null), verdict],
    ['an operation with text for a payload', start('{ a }'), verdict],
    ['an operation with a list for a payload', start([]), verdict],
    ['an operation without a query', start({}), verdict],
    ['an operation whose query is a number', start({ query: 5 }), verdict],
    ['an operation whose query is a parsed document', start({ query: { kind: 'Document' } }), verdict],
    ['an operation whose name is a number', start({ query: '{ a }', operationName: 5 }), verdict],
    ['an operation whose variables are a list', start({ query: '{ a }', variables: [] }), verdict],
    ['an operation whose variables are text', start({ query: '{ a }', variables: '{}' }), verdict],
    ['an operation whose extensions are a list', start({ query: '{ a }', extensions: [] }), verdict],
    [
      'an operation whose query only a prototype has',
      `{"type":"${type}","id":"1","payload":{"__proto__":{"query":"{ a }"}}}`,
      verdict,
    ],
    [
      'an operation with very deep variables',
      `{"type":"${type}","id":"1","payload":{"query":"{ a }","variables":${deepJson()}}}`,
      verdict,
    ],
  ];
}

/** Ids that name no operation. */
function unusableIds(type: string, verdict: object): readonly Row[] {
  return [undefined, null, '', 5, ['1'], {}].map(
    (id): Row => [`${type} with the id ${JSON.stringify(id)}`, { type, id, payload: full }, verdict],
  );
}

function usableOperations(type: string): readonly Row[] {
  const start = (payload: object) => ({ type, id: '1', payload });
  return [
    ['an operation with everything', start(full), { type: 'start', id: '1', payload: full }],
    ['an operation with a query alone', start({ query: '{ a }' }), { type: 'start', payload: { query: '{ a }' } }],
    [
      'an operation whose other members are null',
      start({ query: '{ a }', operationName: null, variables: null, extensions: null }),
      {
        type: 'start',
        payload: { query: '{ a }', operationName: undefined, variables: undefined, extensions: undefined },
      },
    ],
    ['an operation with members nobody knows', start({ ...full, more: 1 }), { type: 'start', payload: full }],
    ['an operation named __proto__', { ...start(full), id: '__proto__' }, { type: 'start', id: '__proto__' }],
  ];
}

describe('the graphql-transport-ws server understands', () => {
  understands(transportWsServer, [
    ['init without a payload', { type: 'connection_init' }, { type: 'init', payload: undefined }],
    ['init with null', { type: 'connection_init', payload: null }, { type: 'init', payload: undefined }],
    ['init with an object', { type: 'connection_init', payload: { t: 1 } }, { type: 'init', payload: { t: 1 } }],
    ...usableOperations('subscribe'),
    ['a stop', { type: 'complete', id: '1' }, { type: 'stop', id: '1' }],
    ['a ping', { type: 'ping' }, { type: 'ping', payload: undefined }],
    ['a ping with a payload', { type: 'ping', payload: { t: 1 } }, { type: 'ping', payload: { t: 1 } }],
    ['a pong', { type: 'pong', payload: { t: 1 } }, { type: 'pong', payload: { t: 1 } }],
  ]);
});

describe('the graphql-transport-ws server ends the connection with 4400 for', () => {
  understands(transportWsServer, [
    ...noMessageAtAll(closed),
    ...unusablePayloads('subscribe', closed),
    ...unusableIds('subscribe', closed),
    ...unusableIds('complete', closed),
    ['an unknown type', { type: 'nonsense' }, closed],
    ['a type named like a member of Object', { type: 'constructor' }, closed],
    ['a legacy start', { type: 'start', id: '1', payload: full }, closed],
    ['init with text', { type: 'connection_init', payload: 'x' }, closed],
    ['init with a list', { type: 'connection_init', payload: [] }, closed],
    ['init with a number', { type: 'connection_init', payload: 0 }, closed],
    ['a ping with text', { type: 'ping', payload: 'x' }, closed],
    ['a pong with a list', { type: 'pong', payload: [] }, closed],
    ['an enormous type', { type: 'x'.repeat(1_000_000) }, closed],
    ['a type full of wide characters', { type: '\u{1f600}'.repeat(200) }, closed],
  ]);
});

describe('the legacy graphql-ws server understands', () => {
  understands(legacyWsServer, [
    ['init without a payload', { type: 'connection_init' }, { type: 'init', payload: undefined }],
    ['init with null', { type: 'connection_init', payload: null }, { type: 'init', payload: undefined }],
    ['init with an object', { type: 'connection_init', payload: { t: 1 } }, { type: 'init', payload: { t: 1 } }],
    ...usableOperations('start'),
    ['a stop', { type: 'stop', id: '1' }, { type: 'stop', id: '1' }],
    ['a farewell', { type: 'connection_terminate' }, { type: 'terminate' }],
  ]);
});

describe('the legacy graphql-ws server keeps the socket for', () => {
  understands(legacyWsServer, [
    ...noMessageAtAll(badMessage),
    ...unusablePayloads('start', { type: 'bad-operation', id: '1' }),
    ...unusableIds('start', badMessage),
    ...unusableIds('stop', badMessage),
    ['init with text', { type: 'connection_init', payload: 'x' }, badMessage],
    ['an unknown type', { type: 'nonsense' }, { type: 'ignored' }],
    ['a type named like a member of Object', { type: 'constructor' }, { type: 'ignored' }],
    ['a message of the newer subprotocol', { type: 'subscribe', id: '1', payload: full }, { type: 'ignored' }],
    ['names of even older peers', { type: 'subscription_start', id: '1', query: '{ a }' }, { type: 'ignored' }],
  ]);
});

describe('a reason', () => {
  it('says what was wrong', () => {
    expect(transportWsServer.receive('{"type":"subscribe","id":"1","payload":{"query":5}}')).toStrictEqual({
      type: 'close',
      code: 4400,
      reason: 'Message "subscribe": "payload.query" must be a string, not 5',
    });
  });
});

describe.each([
  ['graphql-transport-ws', transportWsServer, ['init', 'start', 'stop', 'ping', 'pong', 'close']],
  ['graphql-ws', legacyWsServer, ['init', 'start', 'stop', 'terminate', 'ignored', 'bad-operation', 'bad-message']],
] as const)('any text at all is a well-formed verdict: %s server', (_, dialect, verdicts) => {
  it('never throws', () => {
    fc.assert(
      fc.property(foreignText, (input) => {
        const heard = dialect.receive(input);
        expect(verdicts).toContain(heard.type);
        expectWellFormed(heard);
      }),
      { numRuns: 3_000 },
    );
  });
});

const membersOf: { readonly [T in ClientMessage['type']]: readonly string[] } = {
  init: ['payload'],
  start: ['id', 'payload'],
  stop: ['id'],
  ping: ['payload'],
  pong: ['payload'],
  terminate: [],
  ignored: ['reason'],
  'bad-operation': ['id', 'reason'],
  'bad-message': ['reason'],
  close: ['code', 'reason'],
};

function expectWellFormed(heard: ClientMessage): void {
  const { type, ...members } = heard;
  expect(Object.keys(members).sort()).toEqual(membersOf[type]);
  if ('id' in heard) expect(heard.id).not.toBe('');
  if ('reason' in heard) expect(heard.reason).not.toBe('');
  if (heard.type === 'close') expect(bytes(heard.reason)).toBeLessThanOrEqual(maxCloseReasonBytes);
  if (heard.type === 'start') {
    const { query, operationName, variables, extensions } = heard.payload;
    expect(typeof query).toBe('string');
    expect(operationName === undefined || typeof operationName === 'string').toBe(true);
    expect(variables === undefined || isJsonObject(variables)).toBe(true);
    expect(extensions === undefined || isJsonObject(extensions)).toBe(true);
  } else if ('payload' in heard) {
    expect(heard.payload === undefined || isJsonObject(heard.payload)).toBe(true);
  }
}
