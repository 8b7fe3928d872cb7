// Wrong options and documents: refused at once, with the name, the value and what is meant.

import { describe, expect, test } from 'vitest';
import { DocumentError } from '../../src/protocol/errors/document-error.js';
import { OptionError } from '../../src/protocol/errors/option-error.js';
import { connect, createSession } from '../../src/session/session.js';
import { FakeTransport } from './support/fake-transport.js';
import { readySession, rejection } from './support/harness.js';

const transport = new FakeTransport();

/** What JavaScript can pass and TypeScript would not. */
type Anything = never;

describe('the options of a session', () => {
  test.each<[what: string, options: object, option: string, message: RegExp]>([
    ['an unknown one', { transports: transport }, 'transports', /Did you mean "transport"\?/],
    ['an unknown one without a near name', { url: 'ws://x' }, 'url', /Known options: transport, credentials/],
    ['no transport', {}, 'transport', /must be a transport, as in webSocket\(.*it is undefined/],
    ['an address as a transport', { transport: 'ws://x' }, 'transport', /it is "ws:\/\/x"/],
    ['an unknown retry subject', { retry: { connects: false } }, 'connects', /Did you mean "connect"\?/],
    ['an unknown part of a rule', { retry: { execute: { delay: 5 } } }, 'delay', /in retry.execute/],
    ['a rule that is true', { retry: { subscribe: true } }, 'retry.subscribe', /must be false or a retry rule/],
    ['retry that is no object', { retry: false }, 'retry', /must be an object; it is false/],
    ['an unknown part of liveness', { liveness: { silence: 5 } }, 'silence', /Did you mean|Known options/],
    ['liveness that is true', { liveness: true }, 'liveness', /must be an object/],
    ['a silence of nothing', { liveness: { silenceMs: 0 } }, 'liveness.silenceMs', /at least 1; it is 0/],
    ['an answer time as text', { liveness: { answerMs: '5s' } }, 'liveness.answerMs', /it is "5s"/],
    ['an unknown part of the buffer', { buffer: { maxEvent: 5 } }, 'maxEvent', /Did you mean "maxEvents"\?/],
    ['a buffer without room', { buffer: { maxBytes: 0 } }, 'buffer.maxBytes', /at least 1/],
    ['a deadline of nothing', { deadlineMs: 0 }, 'deadlineMs', /at least 1/],
    ['a deadline that is NaN', { deadlineMs: Number.NaN }, 'deadlineMs', /it is NaN/],
    ['nothing in flight', { maxInFlight: 0 }, 'maxInFlight', /at least 1/],
    ['nothing waiting, which would refuse every call', { maxWaiting: 0 }, 'maxWaiting', /at least 1/],
    ['an unknown limit', { limits: { openTimeout: 5 } }, 'openTimeout', /Did you mean "openTimeoutMs"\?/],
    ['a limit of nothing', { limits: { ackTimeoutMs: 0 } }, 'limits.ackTimeoutMs', /at least 1/],
    ['credentials as text', { credentials: 'token' }, 'credentials', /must be an object or a function/],
    ['an unknown part of the credentials', { credentials: { header: {} } }, 'header', /Did you mean "headers"\?/],
  ])('%s', async (_what, options, option, message) => {
    const given = { ...('transport' in options || option === 'transport' ? undefined : { transport }), ...options };
    const make = () => createSession(given as Anything);
    expect(make).toThrow(OptionError);
    expect(make).toThrow(message);
    expect(make).toThrow(expect.objectContaining({ option, code: 'bad-option', phase: 'prepare' }));
  });

  test('given to connect() reject', async () => {
    const given = { transport, maxInflight: 5 } as Anything;
    expect((await rejection(connect(given), OptionError)).message).toContain('Did you mean "maxInFlight"?');
  });

  test('none at all', () => {
    expect(() => createSession(undefined as Anything)).toThrow(
      /An object is needed for the session options, not undefined/,
    );
  });

  test('a probe that is no document', () => {
    expect(() => createSession({ transport, liveness: { probe: '{ ' } })).toThrow(DocumentError);
  });

  test('undefined is as good as left out', async () => {
    const none = undefined;
    const session = createSession({ transport, retry: none, liveness: none, buffer: none, limits: none });
    expect(session.state.status).toBe('connecting');
    await session.close();
  });
});

describe('the options of a call', () => {
  test.each<[what: string, options: object, option: string, message: RegExp]>([
    ['an unknown one', { deadline: 5 }, 'deadline', /in the options of a call/],
    ['a near name', { operationname: 'A' }, 'operationname', /Did you mean "operationName"\?/],
    ['a negative deadline', { deadlineMs: -1 }, 'deadlineMs', /at least 0/],
    ['a key that is no text', { idempotencyKey: 7 }, 'idempotencyKey', /must be text; it is 7/],
    ['a signal that is none', { signal: new AbortController() }, 'signal', /must be an AbortSignal/],
    ['a rule that is none', { retry: 3 }, 'retry', /must be false or a retry rule/],
  ])('%s', async (_what, options, option, message) => {
    const { session, connection } = await readySession();
    const error = await rejection(session.execute('{ a }', {}, options as Anything), OptionError);
    expect(error).toMatchObject({ option });
    expect(error.message).toMatch(message);
    expect(await rejection(session.result('{ a }', {}, options as Anything), OptionError)).toMatchObject({ option });
    expect([connection.requests, session.operations]).toEqual([[], 0]);
  });

  test('variables that are no object, or cannot be written as JSON', async () => {
    const { session, connection, settle } = await readySession();
    for (const variables of ['x', 5, null, [1]]) {
      await rejection(session.execute('{ a }', variables as Anything), OptionError);
    }
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    for (const bad of [cycle, { n: 1n }, { toJSON: () => 'text' }]) {
      expect(await rejection(session.execute('{ a }', bad), OptionError)).toMatchObject({ option: 'variables' });
      const options = { extensions: bad as Anything };
      expect(await rejection(session.execute('{ a }', {}, options), OptionError)).toMatchObject({
        option: 'extensions',
      });
      expect(() => session.subscribe('subscription { a }', bad)).toThrow(OptionError);
    }
    await settle();
    expect([connection.requests, session.operations]).toEqual([[], 0]);
  });
});

describe('the options of a subscription', () => {
  test.each<[what: string, options: object, message: RegExp]>([
    ['a deadline, which it does not have', { deadlineMs: 5 }, /Unknown option "deadlineMs" in the options of a subscr/],
    ['a key', { idempotencyKey: 'k' }, /Unknown option "idempotencyKey"/],
    ['a near name', { header: {} }, /Did you mean "headers"\?/],
  ])('%s', async (_what, options, message) => {
    const { session, connection } = await readySession();
    const subscribe = () => session.subscribe('subscription { s }', {}, options as Anything);
    expect(subscribe).toThrow(OptionError);
    expect(subscribe).toThrow(message);
    expect(connection.requests).toEqual([]);
  });
});

describe('the options of the other methods', () => {
  test('ready()', async () => {
    const { session } = await readySession();
    expect((await rejection(session.ready({ deadline: 5 } as Anything), OptionError)).message).toContain(
      'Unknown option "deadline" in the options of ready()',
    );
    await rejection(session.ready({ deadlineMs: -1 }), OptionError);
    await rejection(session.ready({ signal: new AbortController() as Anything }), OptionError);
  });

  test('close(), which does not close then', async () => {
    const { session } = await readySession();
    expect(() => session.close({ grace: 5 } as Anything)).toThrow(/Did you mean|Unknown option "grace"/);
    expect(() => session.close({ graceMs: -1 })).toThrow(OptionError);
    expect(session.state.status).toBe('ready');
  });

  test('ping()', async () => {
    const { session, connection } = await readySession();
    const error = await rejection(session.ping({}, { deadlinems: 5 } as Anything), OptionError);
    expect(error.message).toContain('Did you mean "deadlineMs"?');
    await rejection(session.ping({}, { deadlineMs: -1 }), OptionError);
    expect(connection.pings).toEqual([]);
  });

  test('on(), for an event that does not exist', async () => {
    const { session } = await readySession();
    expect(() => session.on('ready' as Anything, () => {})).toThrow(
      /There is no event "ready"; there are state, connection, operation/,
    );
  });
});

describe('documents', () => {
  test('that cannot be understood are refused before anything is sent', async () => {
    const { session, connection } = await readySession();
    await rejection(session.execute('{ a '), DocumentError);
    await rejection(session.execute('fragment F on Q { a }'), DocumentError);
    await rejection(session.execute('query A { a } query B { b }'), DocumentError);
    await rejection(session.execute('query A { a }', {}, { operationName: 'B' }), DocumentError);
    expect([connection.requests, session.operations]).toEqual([[], 0]);
  });

  test('of the other kind are refused with the method that runs them', async () => {
    const { session } = await readySession();
    expect((await rejection(session.execute('subscription { s }'), DocumentError)).message).toContain(
      'session.subscribe()',
    );
    expect(() => session.subscribe('{ a }')).toThrow(/session.execute\(\)/);
    expect(() => session.subscribe('mutation { m }')).toThrow(DocumentError);
  });
});
