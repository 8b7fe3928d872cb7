// The clients' side of both subprotocols: what is written, what is understood, and what any text becomes.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClientDialect, ServerMessage } from '../../../src/protocol/dialects/dialect.js';
import { legacyWsClient, transportWsClient } from '../../../src/protocol/dialects/index.js';
import { deepJson, foreignText } from './foreign-text.js';
import { expectWellFormed } from './well-formed.js';

type Row = readonly [what: string, message: unknown, verdict: Partial<ServerMessage>];

const text = (message: unknown) => (typeof message === 'string' ? message : JSON.stringify(message));
const bad = (id?: string) => ({ type: 'invalid', id }) as const;

function understands(dialect: ClientDialect, rows: readonly Row[]) {
  it.each(rows)('%s', (_, message, verdict) => {
    const heard = dialect.receive(text(message));
    expect(heard).toMatchObject(verdict);
    if (heard.type === 'invalid') expect(heard.reason.length).toBeGreaterThan(10);
  });
}

const noMessageAtAll: readonly Row[] = [
  ['empty text is invalid', '', bad()],
  ['text that is not JSON is invalid', 'hello', bad()],
  ['half a message is invalid', '{"type":"connec', bad()],
  ['an array is invalid', '[]', bad()],
  ['null is invalid', 'null', bad()],
  ['a string is invalid', '"x"', bad()],
  ['a number is invalid', '5', bad()],
  ['an empty object is invalid', '{}', bad()],
  ['a type that is no string is invalid', { type: 5, id: '1' }, bad()],
  ['a type that only a prototype has is invalid', '{"__proto__":{"type":"connection_ack"}}', bad()],
  ['an unknown type is invalid and names its operation', { type: 'nonsense', id: '1' }, bad('1')],
  ['a type named like a member of Object is invalid', { type: 'constructor' }, bad()],
  ['very deep JSON is invalid', deepJson(), bad()],
  ['very deep JSON as a type is invalid', `{"type":${deepJson()}}`, bad()],
];

function answers(nextType: 'next' | 'data'): readonly Row[] {
  const next = (payload: unknown) => ({ type: nextType, id: '1', payload });
  const error = (payload: unknown) => ({ type: 'error', id: '1', payload });
  const result = (value: object) => ({ type: 'next', id: '1', result: value }) as Partial<ServerMessage>;
  const failed = (...errors: object[]) => ({ type: 'error', id: '1', errors }) as unknown as Partial<ServerMessage>;
  return [
    ['a result with data', next({ data: { a: 1 } }), result({ data: { a: 1 } })],
    ['a result whose data is null', next({ data: null }), result({ data: null })],
    ['a result with errors alone', next({ errors: [{ message: 'no' }] }), result({ errors: [{ message: 'no' }] })],
    [
      'a result with errors that are complete',
      next({
        data: null,
        errors: [{ message: 'no', locations: [{ line: 1, column: 2 }], path: ['a', 0], extensions: { code: 'X' } }],
      }),
      result({
        errors: [{ message: 'no', locations: [{ line: 1, column: 2 }], path: ['a', 0], extensions: { code: 'X' } }],
      }),
    ],
    ['a result with extensions', next({ data: {}, extensions: { t: 1 } }), result({ extensions: { t: 1 } })],
    ['a part of an answer with more to come', next({ hasNext: true, incremental: [{}] }), result({ hasNext: true })],
    ['the last part of an answer, empty', next({ hasNext: false }), result({ hasNext: false })],
    ['an id that is no number', { ...next({ data: {} }), id: '__proto__' }, { type: 'next', id: '__proto__' }],
    ['extra members of a message are ignored', { ...next({ data: {} }), extra: 1 }, result({ data: {} })],
    ['a list in place of data is invalid', next({ data: [1] }), bad('1')],
    ['a string in place of data is invalid', next({ data: 'x' }), bad('1')],
    ['errors that are no list are invalid', next({ data: {}, errors: { message: 'no' } }), bad('1')],
    ['a result with neither data nor errors is invalid', next({}), bad('1')],
    ['a result with an empty list of errors alone is invalid', next({ errors: [] }), bad('1')],
    ['a result that only says null about more to come is invalid', next({ hasNext: null }), bad('1')],
    ['a result without a payload is invalid', { type: nextType, id: '1' }, bad('1')],
    ['a result with a list for a payload is invalid', next([]), bad('1')],
    ['a result with null for a payload is invalid', next(null), bad('1')],
    ['a result with text for a payload is invalid', next('x'), bad('1')],
    ['a result without an id is invalid', { type: nextType, payload: { data: {} } }, bad()],
    ['a result with an empty id is invalid', { ...next({ data: {} }), id: '' }, bad()],
    ['a result with a number for an id is invalid', { ...next({ data: {} }), id: 1 }, bad()],
    ['errors as a list', error([{ message: 'a' }, { message: 'b' }]), failed({ message: 'a' }, { message: 'b' })],
    ['errors as one object', error({ message: 'a', extensions: { code: 'X' } }), failed({ message: 'a' })],
    ['errors in an object', error({ errors: [{ message: 'a' }, { message: 'b' }] }), failed({ message: 'a' }, {})],
    ['an error that holds an empty list and a message', error({ message: 'a', errors: [] }), failed({ message: 'a' })],
    ['an error that is bare text', error('boom'), failed({ message: 'boom' })],
    ['an error that is bare text in a list', error(['boom']), failed({ message: 'boom' })],
    [
      'an error without a message',
      error([{ code: 5 }]),
      failed({ message: 'The server reported an error without a message.', code: 5 } as object),
    ],
    ['an error that is null', error([null]), failed({ message: 'The server reported an error without a message.' })],
    ['an empty list of errors is invalid', error([]), bad('1')],
    ['an empty object of errors is invalid', error({}), bad('1')],
    ['empty text in place of errors is invalid', error(''), bad('1')],
    ['a number in place of errors is invalid', error(5), bad('1')],
    ['null in place of errors is invalid', error(null), bad('1')],
    ['an error without a payload is invalid', { type: 'error', id: '1' }, bad('1')],
    ['an error without an id is invalid', { type: 'error', payload: [{ message: 'a' }] }, bad()],
    ['the end of an operation', { type: 'complete', id: '1' }, { type: 'complete', id: '1' }],
    ['the end with a null payload', { type: 'complete', id: '1', payload: null }, { type: 'complete', id: '1' }],
    ['the end without an id is invalid', { type: 'complete' }, bad()],
  ];
}

describe('the graphql-transport-ws client understands', () => {
  understands(transportWsClient, [
    ...noMessageAtAll,
    ...answers('next'),
    ['an ack without a payload', { type: 'connection_ack' }, { type: 'ack', payload: undefined }],
    ['an ack with null', { type: 'connection_ack', payload: null }, { type: 'ack', payload: undefined }],
    ['an ack with an object', { type: 'connection_ack', payload: { a: 1 } }, { type: 'ack', payload: { a: 1 } }],
    ['an ack with a list is invalid', { type: 'connection_ack', payload: [] }, bad()],
    ['a ping', { type: 'ping' }, { type: 'ping', payload: undefined }],
    ['a ping with a payload', { type: 'ping', payload: { t: 1 } }, { type: 'ping', payload: { t: 1 } }],
    ['a ping with text is invalid', { type: 'ping', payload: 'x' }, bad()],
    ['a pong', { type: 'pong', payload: null }, { type: 'pong', payload: undefined }],
    ['a legacy result is invalid', { type: 'data', id: '1', payload: { data: {} } }, bad('1')],
    ['a legacy sign of life is invalid', { type: 'ka' }, bad()],
  ]);
});

describe('the legacy graphql-ws client understands', () => {
  understands(legacyWsClient, [
    ...noMessageAtAll,
    ...answers('data'),
    ['an ack without a payload', { type: 'connection_ack' }, { type: 'ack', payload: undefined }],
    ['an ack with null', { type: 'connection_ack', payload: null }, { type: 'ack', payload: undefined }],
    ['an ack with an object', { type: 'connection_ack', payload: { a: 1 } }, { type: 'ack', payload: { a: 1 } }],
    ['an ack with text is invalid', { type: 'connection_ack', payload: 'x' }, bad()],
    [
      'a refusal with an object',
      { type: 'connection_error', payload: { message: 'no' } },
      { type: 'refused', payload: { message: 'no' } },
    ],
    [
      'a refusal with text',
      { type: 'connection_error', payload: 'no' },
      { type: 'refused', payload: { message: 'no' } },
    ],
    ['a refusal without a payload', { type: 'connection_error' }, { type: 'refused', payload: undefined }],
    ['a refusal with nonsense', { type: 'connection_error', payload: 5 }, { type: 'refused', payload: undefined }],
    ['a sign of life', { type: 'ka' }, { type: 'alive', payload: undefined }],
    ['a sign of life with a payload', { type: 'ka', payload: { t: 1 } }, { type: 'alive', payload: { t: 1 } }],
    ['a sign of life with nonsense', { type: 'ka', payload: 5 }, { type: 'alive', payload: undefined }],
    ['a result of the newer subprotocol is invalid', { type: 'next', id: '1', payload: { data: {} } }, bad('1')],
    ['a ping of the newer subprotocol is a sign of life', { type: 'ping' }, { type: 'alive', payload: undefined }],
    ['and so is a pong', { type: 'pong' }, { type: 'alive', payload: undefined }],
  ]);
});

describe('what our types forbid is left out of an answer, the rest is kept', () => {
  it('in a result', () => {
    const heard = transportWsClient.receive(
      '{"type":"next","id":"1","payload":{"data":{"a":1},"errors":null,"extensions":[],"hasNext":null,"label":"x"}}',
    );
    expect(heard).toStrictEqual({
      type: 'next',
      id: '1',
      result: { data: { a: 1 }, errors: undefined, extensions: undefined, hasNext: undefined, label: 'x' },
    });
  });

  it('in an error', () => {
    const heard = transportWsClient.receive(
      '{"type":"error","id":"1","payload":[{"message":"no","locations":[{"line":"1"}],"path":[null],"extensions":[],"kind":"K"}]}',
    );
    expect(heard).toStrictEqual({
      type: 'error',
      id: '1',
      errors: [{ message: 'no', locations: undefined, path: undefined, extensions: undefined, kind: 'K' }],
    });
  });

  it('an empty list of errors beside data means that there are none', () => {
    const heard = transportWsClient.receive('{"type":"next","id":"1","payload":{"data":{"a":1},"errors":[]}}');
    expect(heard).toMatchObject({ result: { data: { a: 1 }, errors: undefined } });
  });

  it('a member named __proto__ stays a member', () => {
    const heard = transportWsClient.receive(
      '{"type":"next","id":"1","payload":{"__proto__":{"data":{}},"data":{"__proto__":5},"errors":null}}',
    );
    if (heard.type !== 'next') throw new Error('not a result');
    expect(Object.getPrototypeOf(heard.result)).toBe(Object.prototype);
    expect(JSON.stringify(heard.result.data)).toBe('{"__proto__":5}');
  });
});

describe.each([
  ['graphql-transport-ws', transportWsClient],
  ['graphql-ws', legacyWsClient],
] as const)('any text at all is a well-formed verdict: %s client', (_, dialect) => {
  it('never throws', () => {
    fc.assert(
      fc.property(foreignText, (input) => expectWellFormed(dialect.receive(input))),
      { numRuns: 3_000 },
    );
  });
});
