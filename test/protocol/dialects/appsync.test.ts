// The client's side of AppSync: what is written, what is understood, and what any text becomes.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appSyncClient, appSyncData } from '../../../src/protocol/dialects/appsync/client.js';
import type { ServerMessage } from '../../../src/protocol/dialects/dialect.js';
import { JsonText } from '../../../src/protocol/json-text.js';
import { foreignText } from './foreign-text.js';
import { expectWellFormed } from './well-formed.js';

const unauthorized = { errorType: 'UnauthorizedException', message: 'Not you.' };

describe('what is written', () => {
  it('begins with nothing to say, whatever the session has', () => {
    expect(appSyncClient.init({ token: 's3cret' })).toBe('{"type":"connection_init"}');
  });

  it('asks in a text of its own, with the proof of who asks beside it', () => {
    const operation = { query: 'subscription { a }', operationName: 'A', variables: JsonText.of({ b: '"' }) };
    const extensions = JsonText.of({ authorization: { host: 'h' } });
    const message = JSON.parse(appSyncClient.start('7', { ...operation, extensions })) as unknown;
    expect(message).toEqual({
      type: 'start',
      id: '7',
      payload: { data: appSyncData(operation), extensions: { authorization: { host: 'h' } } },
    });
    expect(JSON.parse(appSyncData(operation))).toEqual({
      query: 'subscription { a }',
      operationName: 'A',
      variables: { b: '"' },
    });
  });

  it('stops, and has neither ping nor farewell', () => {
    expect(JSON.parse(appSyncClient.stop('7') ?? '')).toEqual({ type: 'stop', id: '7' });
    expect([appSyncClient.ping({}), appSyncClient.pong({}), appSyncClient.terminate()]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('what is understood', () => {
  const trouble = (type: string, ...errors: object[]) => ({ type, payload: { errors } });

  it.each<readonly [string, unknown, Partial<ServerMessage>]>([
    [
      'an acknowledgement',
      { type: 'connection_ack', payload: { connectionTimeoutMs: 1 } },
      { type: 'ack', payload: { connectionTimeoutMs: 1 } },
    ],
    ['a keep-alive', { type: 'ka' }, { type: 'alive' }],
    [
      'the confirmation of a start, which is no news',
      { type: 'start_ack', id: '1' },
      { type: 'several', messages: [] },
    ],
    [
      'an event',
      { type: 'data', id: '1', payload: { data: { a: 1 } } },
      { type: 'next', id: '1', result: { data: { a: 1 } } },
    ],
    ['the end of a subscription', { type: 'complete', id: '1' }, { type: 'complete', id: '1' }],
    [
      'an error of one subscription',
      { ...trouble('error', unauthorized), id: '1' },
      { type: 'error', id: '1', errors: [unauthorized] as never },
    ],
    [
      'an error that names none',
      trouble('error', { errorType: 'BadRequestException', message: 'What?' }),
      { type: 'ended', code: 4400, reason: 'BadRequestException: What?' },
    ],
    ['an error that names none and says nothing', { type: 'error' }, { type: 'ended', code: 4400, reason: '' }],
    [
      'one that concerns who asks',
      trouble('error', unauthorized),
      { type: 'refused', payload: { errors: [unauthorized] } },
    ],
    ['a limit', trouble('error', { errorType: 'LimitExceededError' }), { type: 'ended', code: 1013 }],
    [
      'a refused connection',
      trouble('connection_error', { message: 'No.' }),
      { type: 'refused', payload: { errors: [{ message: 'No.' }] } },
    ],
    [
      'one under the name of a service',
      trouble('connection_error', { errorType: 'com.amazonaws#UnauthorizedException', errorCode: 400 }),
      { type: 'refused' },
    ],
    ['one without a reason', { type: 'connection_error' }, { type: 'refused', payload: undefined }],
    [
      'too many connections',
      trouble('connection_error', { errorType: 'LimitExceededError', message: 'Wait.' }),
      { type: 'ended', code: 1013, reason: 'LimitExceededError: Wait.' },
    ],
    ['a server in trouble', trouble('connection_error', { errorCode: 500 }), { type: 'ended', code: 1013 }],
    ['an unknown type', { type: 'surprise' }, { type: 'invalid', id: undefined }],
    ['an event without an id', { type: 'data', payload: { data: {} } }, { type: 'invalid', id: undefined }],
    ['a list', [], { type: 'invalid', id: undefined }],
  ])('%s', (_, message, verdict) => {
    expect(appSyncClient.receive(JSON.stringify(message))).toMatchObject(verdict);
  });

  it('is read as the program reads JSON', () => {
    const parse = () => ({ type: 'ka' });
    expect(appSyncClient.receive('anything', parse)).toMatchObject({ type: 'alive' });
  });

  it('is a well-formed verdict, whatever comes', () => {
    fc.assert(
      fc.property(foreignText, (input) => expectWellFormed(appSyncClient.receive(input))),
      { numRuns: 2_000 },
    );
    const anything = fc.record({
      type: fc.constantFrom('data', 'error', 'complete', 'connection_ack', 'connection_error', 'ka', 'start_ack'),
      id: fc.option(fc.string(), { nil: undefined }),
      payload: fc.jsonValue(),
    });
    fc.assert(
      fc.property(anything, (message) => expectWellFormed(appSyncClient.receive(JSON.stringify(message)))),
      { numRuns: 2_000 },
    );
  });
});
