// Streams on their whole way: subscriptions that outlive their requests, answers in parts in both formats, and their ends.

import { once as onceEvent } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, expect, test, vi } from 'vitest';
import { ConnectionLostError } from '../../../../src/session/errors/connection-lost-error.js';
import { GraphQLResultError } from '../../../../src/session/errors/graphql-result-error.js';
import { OutcomeUnknownError } from '../../../../src/session/errors/outcome-unknown-error.js';
import { ProtocolError } from '../../../../src/session/errors/protocol-error.js';
import { ServerError } from '../../../../src/session/errors/server-error.js';
import type { Session } from '../../../../src/session/session.js';
import { VirtualClock } from '../../../../src/testing/virtual-clock.js';
import { rejection } from '../../../session/support/harness.js';
import { patience } from '../../undici/support/client.js';
import { once, send, served, sessionTo } from './support/served.js';

const ticks = 'subscription { tick }';
const sse = { 'content-type': 'text/event-stream' };
const multipart = { 'content-type': 'multipart/mixed; boundary="-"; subscriptionSpec=1.0' };
const inParts = { 'content-type': 'multipart/mixed; boundary="-"' };

const event = (value: unknown): string => `event: next\ndata: ${JSON.stringify(value)}\n\n`;
const part = (value: unknown): string => `\r\ncontent-type: application/json\r\n\r\n${JSON.stringify(value)}\r\n---`;
const tick = (n: number): { data: { tick: number } } => ({ data: { tick: n } });

interface Format {
  readonly name: string;
  begin(response: ServerResponse): void;
  readonly next: (value: unknown) => string;
  readonly beat: string;
  readonly end: string;
}

const formats: readonly Format[] = [
  {
    name: 'server-sent events',
    begin: (response) => void response.writeHead(200, sse).write(':\n\n'),
    next: event,
    beat: ':\n\n',
    end: 'event: complete\n\n',
  },
  {
    name: 'multipart',
    begin: (response) => void response.writeHead(200, multipart).write('---'),
    next: (value) => part({ payload: value }),
    beat: part({}),
    end: '--\r\n',
  },
];

/** Events in short: the number of the tick, `gap connection-lost`, `errors`. */
async function collect(session: Session): Promise<unknown[]> {
  const seen: unknown[] = [];
  for await (const one of session.subscribe<{ tick: number }>(ticks)) {
    if (one.type === 'gap') seen.push(`gap ${one.gap.reason}`);
    else seen.push(one.type === 'data' && one.errors !== undefined ? 'errors' : one.data.tick);
  }
  return seen;
}

describe.each(formats)('a subscription as $name', ({ begin, next, beat, end }) => {
  test('gives its events and ends, heartbeats and errors of events included', async () => {
    const { url } = await served(({ response }) => {
      begin(response);
      response.write(next(tick(1)) + beat);
      response.write(next({ data: null, errors: [{ message: 'no' }] }) + next(tick(2)));
      response.end(end);
    });
    const session = sessionTo(url);
    expect(await collect(session)).toEqual([1, 'errors', 2]);
    expect(session.operations).toBe(0);
  });

  test.each(['ends without saying so', 'breaks', 'breaks within an event'])(
    'goes on behind a gap when its stream %s',
    async (how) => {
      const { url, arrivals } = await served(({ number, response }) => {
        begin(response);
        response.write(next(tick(number)));
        if (number === 2) response.end(next(tick(9)) + end);
        else if (how === 'ends without saying so') response.end();
        else response.write(how === 'breaks' ? beat : next(tick(5)).slice(0, -12), () => response.destroy());
      });
      expect(await collect(sessionTo(url))).toEqual([1, 'gap connection-lost', 2, 9]);
      expect(arrivals).toHaveLength(2);
    },
  );

  test('that was left closes its request, which the server sees', async () => {
    const { url, arrivals } = await served(({ response }) => {
      begin(response);
      response.write(next(tick(1)));
    });
    for await (const one of sessionTo(url).subscribe(ticks)) {
      expect(one).toMatchObject(tick(1));
      break;
    }
    const [{ response } = { response: undefined }] = arrivals;
    if (response !== undefined && !response.closed) await onceEvent(response, 'close');
    expect(response?.writableFinished).toBe(false);
  });

  test('that was left by its signal does, too', async () => {
    const leaving = new AbortController();
    const { url, arrivals } = await served(({ response }) => begin(response));
    const next = sessionTo(url).subscribe(ticks, undefined, { signal: leaving.signal }).next();
    await expect.poll(() => arrivals.length, patience).toBe(1);
    leaving.abort();
    await expect(next).rejects.toMatchObject({ name: 'CancelledError' });
    await expect.poll(() => arrivals[0]?.response.closed, patience).toBe(true);
  });

  test('is not cut for being long: a day without a word is no timeout', async () => {
    const clock = new VirtualClock();
    const { url, arrivals } = await served(({ response }) => begin(response));
    const session = sessionTo(url, { clock });
    const events = session.subscribe(ticks);
    const first = events.next();
    await expect
      .poll(async () => {
        await clock.advance(10);
        return arrivals.length;
      }, patience)
      .toBe(1);
    await clock.advance(86_400_000);
    arrivals[0]?.response.write(next(tick(1)));
    expect(await first).toMatchObject({ value: tick(1) });
    expect(arrivals).toHaveLength(1);
  });
});

describe('a subscription that is answered otherwise', () => {
  test('with JSON is a single result', async () => {
    const { url } = await served((arrival) => send(arrival, tick(1)));
    expect(await collect(sessionTo(url))).toEqual([1]);
  });

  test('with a failure of the server fails with it, or starts again where that is temporary', async () => {
    const { url, arrivals } = await served((arrival) => {
      if (arrival.number === 1) send(arrival, 'later', 503, { 'content-type': 'text/plain' });
      else send(arrival, 'Oops', 500, sse);
    });
    const error = await rejection(sessionTo(url).subscribe(ticks).next(), ServerError);
    expect(error).toMatchObject({ status: 500 });
    expect(error.message).toContain('Oops');
    expect(arrivals).toHaveLength(2);
  });

  test('with a page fails, and quotes it', async () => {
    const { url } = await served((arrival) => send(arrival, '<p>Hello</p>', 200, { 'content-type': 'text/html' }));
    const error = await rejection(sessionTo(url).subscribe(ticks).next(), ProtocolError);
    expect(error.message).toContain('<p>Hello</p>');
  });

  test('with a payload of null and errors ends with these', async () => {
    const { url } = await served(({ response }) => {
      response.writeHead(200, multipart).write('---');
      response.end(`${part({ payload: null, errors: [{ message: 'no source' }] })}--`);
    });
    const error = await rejection(sessionTo(url).subscribe(ticks).next(), GraphQLResultError);
    expect(error).toMatchObject({ errors: [{ message: 'no source' }], status: 200 });
  });

  test('with a part that cannot be read warns once and goes on', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const { url } = await served(({ response }) => {
      response.writeHead(200, multipart).write('---');
      response.end(`${part({ payload: tick(1) })}\r\n\r\n{oops\r\n---${part({ payload: tick(2) })}--`);
    });
    expect(await collect(sessionTo(url))).toEqual([1, 2]);
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  });
});

const query = 'query { a ... @defer { b { c } } list @stream }';
const whole = { a: 1, list: [1, 2], b: { c: 2 } };
const first = { data: { a: 1, list: [1] }, hasNext: true };

const dialects = {
  'the format with paths': [
    first,
    { incremental: [{ path: ['list', 1], items: [2] }], hasNext: true },
    { incremental: [{ path: [], data: { b: { c: 2 } } }], hasNext: false },
  ],
  'the format with pending': [
    {
      ...first,
      pending: [
        { id: '0', path: [] },
        { id: '1', path: ['list'] },
      ],
    },
    { incremental: [{ id: '1', items: [2] }], completed: [{ id: '1' }], hasNext: true },
    { incremental: [{ id: '0', data: { b: { c: 2 } } }], completed: [{ id: '0' }], hasNext: false },
  ],
};

describe.each([
  ['server-sent events', sse, '', event, 'event: complete\n\n'],
  ['multipart', inParts, '---', part, '--\r\n'],
] as const)('an answer in parts as %s', (_name, headers, begin, next, end) => {
  describe.each(Object.entries(dialects))('in %s', (_dialect, parts) => {
    test('is merged for a call, and comes as snapshots or patches in a stream', async () => {
      const { url } = await served(({ response }) => {
        response.writeHead(200, headers).write(begin);
        for (const one of parts) response.write(next(one));
        response.end(end);
      });
      const session = sessionTo(url);
      expect(await session.execute(query)).toEqual(whole);
      const snapshots: unknown[] = [];
      for await (const { data, hasNext } of session.stream(query)) snapshots.push([data, hasNext]);
      expect(snapshots.at(-1)).toEqual([whole, false]);
      const patches = [];
      for await (const one of session.stream(query, undefined, { as: 'patch' })) patches.push(one);
      expect(patches).toHaveLength(3);
      expect(patches.flatMap(({ patches: some }) => some)).toMatchObject([
        { path: ['list'], items: [2] },
        { path: [], data: { b: { c: 2 } } },
      ]);
    });

    test('has ended with its last part though its body stays open', async () => {
      const { url, arrivals } = await served(({ response }) => {
        response.writeHead(200, headers).write(begin);
        for (const one of parts) response.write(next(one));
      });
      const session = sessionTo(url);
      expect(await session.execute(query)).toEqual(whole);
      expect(arrivals[0]?.response.closed).toBe(false);
      // Nothing waits for it any more, so closing does not either.
      await session.close();
      await expect.poll(() => arrivals[0]?.response.closed, patience).toBe(true);
    });

    test('that is cut off is asked for again', async () => {
      const { url, arrivals } = await served(({ number, response }) => {
        response.writeHead(200, headers).write(begin);
        if (number === 1) response.end(next(parts[0]));
        else response.end(parts.map(next).join('') + end);
      });
      expect(await sessionTo(url).execute(query)).toEqual(whole);
      expect(arrivals).toHaveLength(2);
    });

    test('that is always cut off fails as lost', async () => {
      const { url, arrivals } = await served(({ response }) => {
        response.writeHead(200, headers).write(begin);
        response.end(next(parts[0]));
      });
      const error = await rejection(sessionTo(url).execute(query), ConnectionLostError);
      expect(error).toMatchObject({ code: 'closed', status: 200, attempts: 5 });
      expect(arrivals).toHaveLength(5);
    });

    test('to a mutation that is cut off has an unknown outcome, and is not asked for again', async () => {
      const { url, arrivals } = await served(({ response }) => {
        response.writeHead(200, headers).write(begin);
        response.end(next(parts[0]));
      });
      await rejection(sessionTo(url).execute('mutation { a ... @defer { b { c } } }'), OutcomeUnknownError);
      expect(arrivals).toHaveLength(1);
    });
  });
});

test('A subscription that may not be started again fails as lost', async () => {
  const { url } = await served(({ response }) => response.writeHead(200, sse).end(event(tick(1))));
  const events = sessionTo(url, once).subscribe(ticks);
  expect(await events.next()).toMatchObject({ value: tick(1) });
  expect(await rejection(events.next(), ConnectionLostError)).toMatchObject({ code: 'closed', status: 200 });
});
