// The client's side of Absinthe over a Phoenix channel: what is written, what is understood, in which order things may come, and
// what any text becomes.

import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ClientDialect, ServerMessage } from '../../../src/protocol/dialects/dialect.js';
import { phoenixClient } from '../../../src/protocol/dialects/phoenix/client.js';
import { JsonText } from '../../../src/protocol/json-text.js';
import { foreignText } from './foreign-text.js';
import { expectWellFormed } from './well-formed.js';

const channel = '__absinthe__:control';
const subscription = { query: 'subscription { a }' };

let dialect: ClientDialect;
beforeEach(() => {
  dialect = phoenixClient(channel);
});

const read = (text: string | undefined): unknown => JSON.parse(text ?? 'null');
const hear = (...frame: unknown[]): ServerMessage => dialect.receive(JSON.stringify(frame));
const reply = (ref: string, status: string, response: unknown): ServerMessage =>
  hear('join', ref, channel, 'phx_reply', { status, response });
const event = (id: string, data: object): ServerMessage =>
  hear(null, null, id, 'subscription:data', { subscriptionId: id, result: { data } });
const several = (...messages: unknown[]) => ({ type: 'several', messages });
const next = (id: string, data: object) => ({ type: 'next', id, result: { data } });
const unsubscribe = (id: string) => ({
  type: 'send',
  text: JSON.stringify(['join', 'unsubscribe', channel, 'unsubscribe', { subscriptionId: id }]),
});

describe('what is written', () => {
  it('joins the channel with the parameters', () => {
    expect(read(dialect.init({ token: '1' }))).toEqual(['join', 'join', channel, 'phx_join', { token: '1' }]);
    expect(read(dialect.init(undefined))).toEqual(['join', 'join', channel, 'phx_join', {}]);
  });

  it('sends a document with what Absinthe takes', () => {
    const operation = { query: 'query Q { a }', operationName: 'Q', variables: JsonText.of({ b: 1 }) };
    const text = dialect.start('7', { ...operation, extensions: { c: 1 } });
    const payload = { query: 'query Q { a }', operationName: 'Q', variables: { b: 1 } };
    expect(read(text)).toEqual(['join', '7', channel, 'doc', payload]);
  });

  it('asks for a sign of life, and leaves before it closes', () => {
    expect(read(dialect.ping({ a: 1 }))).toEqual([null, 'heartbeat', 'phoenix', 'heartbeat', {}]);
    expect(read(dialect.terminate())).toEqual(['join', 'leave', channel, 'phx_leave', {}]);
    expect(dialect.pong(undefined)).toBeUndefined();
  });
});

describe('a channel', () => {
  it.each<readonly [string, readonly unknown[], unknown]>([
    [
      'that is joined',
      ['join', 'join', channel, 'phx_reply', { status: 'ok', response: {} }],
      { type: 'ack', payload: {} },
    ],
    [
      'that is refused',
      ['join', 'join', channel, 'phx_reply', { status: 'error', response: { reason: 'no' } }],
      { type: 'refused', payload: { reason: 'no' } },
    ],
    [
      'that crashes',
      ['join', 'join', channel, 'phx_error', {}],
      { type: 'ended', code: 1011, reason: 'The channel crashed' },
    ],
    [
      'that is closed',
      [null, null, channel, 'phx_close', {}],
      { type: 'ended', code: 1000, reason: 'The channel was closed' },
    ],
    ['of somebody else that crashes', [null, null, 'room:1', 'phx_error', {}], several()],
    ['that says something else', [null, null, channel, 'presence_diff', {}], several()],
    ['that answers what nobody asked', ['join', '99', channel, 'phx_reply', { status: 'ok', response: {} }], several()],
    [
      'whose heartbeat is answered',
      [null, 'heartbeat', 'phoenix', 'phx_reply', { status: 'ok', response: {} }],
      { type: 'pong', payload: undefined },
    ],
    [
      'whose heartbeat is not accepted',
      [null, 'heartbeat', 'phoenix', 'phx_reply', { status: 'error', response: {} }],
      several(),
    ],
  ])('%s', (_, frame, verdict) => {
    expect(hear(...frame)).toEqual(verdict);
  });

  it.each<readonly [string, unknown]>([
    ['an object', {}],
    ['a list of four', [null, null, channel, 'phx_close']],
    ['a topic that is no text', [null, null, 1, 'phx_close', {}]],
    ['an event that is no text', [null, null, channel, 1, {}]],
    ['a payload that is no object', [null, null, channel, 'phx_close', 'x']],
  ])('does not speak in %s', (_, message) => {
    expect(dialect.receive(JSON.stringify(message))).toMatchObject({ type: 'invalid' });
  });
});

describe('a query', () => {
  beforeEach(() => void dialect.start('1', { query: '{ a }' }));

  it('is answered by the reply', () => {
    expect(reply('1', 'ok', { data: { a: 1 } })).toEqual(several(next('1', { a: 1 }), { type: 'complete', id: '1' }));
    expect(reply('1', 'ok', { data: { a: 2 } })).toEqual(several());
  });

  it.each<readonly [string, object, readonly object[]]>([
    ['GraphQL errors', { errors: [{ message: 'What?' }] }, [{ message: 'What?' }]],
    ['a reason', { reason: 'unmatched topic' }, [{ message: 'unmatched topic' }]],
    ['an error', { error: 'Could not parse variables as map' }, [{ message: 'Could not parse variables as map' }]],
    ['nothing', {}, [{ message: expect.stringContaining('did not say why') }]],
  ])('is refused with %s', (_, response, errors) => {
    expect(reply('1', 'error', response)).toMatchObject(several({ type: 'error', id: '1', errors }));
  });

  it('cannot be stopped, and its answer is for nobody then', () => {
    expect(dialect.stop('1')).toBeUndefined();
    expect(reply('1', 'ok', { data: { a: 1 } })).toEqual(several());
    dialect.start('2', { query: '{ a }' });
    dialect.stop('2');
    expect(reply('2', 'error', { reason: 'no' })).toEqual(several());
  });

  it('has a result or the connection is no good', () => {
    expect(reply('1', 'ok', { neither: 1 })).toMatchObject(several({ type: 'invalid', id: '1' }));
  });
});

describe('a subscription', () => {
  it('gets the events of the id that its reply gives it, until it is stopped', () => {
    dialect.start('1', subscription);
    expect(reply('1', 'ok', { subscriptionId: 's' })).toEqual(several());
    expect(event('s', { a: 1 })).toEqual(next('1', { a: 1 }));
    expect(dialect.stop('1')).toBe(unsubscribe('s').text);
    expect(event('s', { a: 2 })).toEqual(several());
    expect(dialect.stop('1')).toBeUndefined();
  });

  it('gets the events that come before its reply, in order', () => {
    dialect.start('1', subscription);
    expect([event('s', { a: 1 }), event('s', { a: 2 }), event('other', { a: 3 })]).toEqual([
      several(),
      several(),
      several(),
    ]);
    expect(reply('1', 'ok', { subscriptionId: 's' })).toEqual(several(next('1', { a: 1 }), next('1', { a: 2 })));
    dialect.start('2', subscription);
    expect(reply('2', 'ok', { subscriptionId: 'other' })).toEqual(several());
  });

  it('does not let a server fill the memory with events that nobody asked for', () => {
    expect(event('s', { a: 0 })).toEqual(several());
    dialect.start('1', subscription);
    for (let count = 0; count < 1_000; count += 1) expect(event('s', { a: count })).toEqual(several());
    expect(event('s', { a: 1_000 })).toMatchObject({ type: 'invalid', reason: expect.stringContaining('1000') });
  });

  it('that was stopped before its reply is left with it', () => {
    dialect.start('1', subscription);
    expect(dialect.stop('1')).toBeUndefined();
    expect(event('s', { a: 1 })).toEqual(several());
    expect(reply('1', 'ok', { subscriptionId: 's' })).toEqual(several(unsubscribe('s')));
  });

  it('shares an id with another one where the server says so, and is left by the last', () => {
    dialect.start('1', subscription);
    reply('1', 'ok', { subscriptionId: 's' });
    dialect.start('2', subscription);
    reply('2', 'ok', { subscriptionId: 's' });
    expect(event('s', { a: 1 })).toEqual(several(next('1', { a: 1 }), next('2', { a: 1 })));
    expect(dialect.stop('1')).toBeUndefined();
    expect(event('s', { a: 2 })).toEqual(next('2', { a: 2 }));
    expect(dialect.stop('2')).toBe(unsubscribe('s').text);
  });

  it('is not left while a document is on its way that may be given the same id', () => {
    dialect.start('1', subscription);
    reply('1', 'ok', { subscriptionId: 's' });
    dialect.start('2', subscription);
    expect(dialect.stop('1')).toBeUndefined();
    expect(reply('2', 'ok', { subscriptionId: 's' })).toEqual(several());
    expect(event('s', { a: 1 })).toEqual(next('2', { a: 1 }));
    dialect.start('3', subscription);
    expect(dialect.stop('2')).toBeUndefined();
    expect(reply('3', 'ok', { subscriptionId: 't' })).toEqual(several(unsubscribe('s')));
  });

  it('has events that are results or the connection is no good', () => {
    dialect.start('1', subscription);
    reply('1', 'ok', { subscriptionId: 's' });
    const frame = [null, null, 's', 'subscription:data', { subscriptionId: 's', result: 1 }];
    expect(hear(...frame)).toMatchObject({ type: 'invalid', reason: expect.stringContaining('subscription:data') });
  });
});

describe('any text at all', () => {
  it('is a well-formed verdict', () => {
    fc.assert(
      fc.property(foreignText, (input) => expectWellFormed(dialect.receive(input))),
      { numRuns: 2_000 },
    );
    const payload = fc.oneof(
      fc.jsonValue(),
      fc.record({ status: fc.constantFrom('ok', 'error'), response: fc.jsonValue() }),
      fc.record({ subscriptionId: fc.constantFrom('s', 't'), result: fc.jsonValue() }),
    );
    const frame = fc.tuple(
      fc.constantFrom(null, 'join'),
      fc.constantFrom(null, 'join', '1', '2'),
      fc.constantFrom(channel, 'phoenix', 's'),
      fc.constantFrom('phx_reply', 'phx_error', 'phx_close', 'subscription:data', 'other'),
      payload,
    );
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 8 }), (frames) => {
        dialect = phoenixClient(channel);
        dialect.start('1', subscription);
        dialect.start('2', subscription);
        for (const one of frames) expectWellFormed(hear(...one));
      }),
      { numRuns: 2_000 },
    );
  });
});
