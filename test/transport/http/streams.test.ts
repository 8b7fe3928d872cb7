// Answers that come as streams: subscriptions, and answers in parts, as server-sent events and multipart; how they go on, end,
// break and are held back.

import { beforeEach, describe, expect, test, vi } from 'vitest';
import { deferred, type Opened, openHttp, place, type Recorder, subscription } from './support/connection.js';
import { type FakeExchange, json, multipart, sse } from './support/fake-client.js';

beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}));

const event = (value: object): string => `event: next\ndata: ${JSON.stringify(value)}\n\n`;
const complete = 'event: complete\ndata:\n\n';
/** As servers send it: with the delimiter behind it, so that it is known to be complete. */
const part = (value: unknown): string =>
  `\r\ncontent-type: application/json\r\n\r\n${JSON.stringify(value)}\r\n--graphql`;
const lastPart = '--\r\n';

/** In both formats the same: a result, the end, a heartbeat. */
const formats = [
  { name: 'server-sent events', headers: sse, next: event, end: complete, beat: ':\n\n' },
  {
    name: 'multipart',
    headers: multipart,
    next: (value: unknown): string => part({ payload: value }),
    end: lastPart,
    beat: part({}),
  },
] as const;

function begin(exchange: FakeExchange, status: number, headers: Readonly<Record<string, string>>): FakeExchange {
  exchange.head(status, headers);
  return headers === multipart ? exchange.chunk('--graphql') : exchange;
}

function streaming(headers: Readonly<Record<string, string>>, request = subscription): Opened & { told: Recorder } {
  const opened = openHttp();
  const told = opened.start(request);
  begin(opened.client.latest, 200, headers);
  return { ...opened, told };
}

describe.each(formats)('a subscription as $name', ({ headers, next, end, beat }) => {
  test('gives its events in order, each with the head of the answer, then its end', () => {
    const { client, told } = streaming(headers);
    client.latest.chunk(next({ data: { s: 1 } })).chunk(beat + next({ data: { s: 2 } }) + end);
    expect(told.told).toEqual(['sending', 'next', 'next', 'complete']);
    expect(told.results).toEqual([{ data: { s: 1 } }, { data: { s: 2 } }]);
    expect(told.heads).toEqual([
      { status: 200, headers },
      { status: 200, headers },
    ]);
  });

  test('gives an event with errors as an event', () => {
    const { client, told } = streaming(headers);
    client.latest.chunk(next({ data: null, errors: [{ message: 'no' }] }) + end);
    expect(told.results).toMatchObject([{ data: null, errors: [{ message: 'no' }] }]);
    expect(told.told.at(-1)).toBe('complete');
  });

  test.each(['its body ends', 'the connection breaks'])(
    'is lost when %s before its end, however much has come',
    (how) => {
      const { client, told } = streaming(headers);
      client.latest.chunk(next({ data: { s: 1 } }) + next({ data: { s: 2 } }));
      client.latest.chunk(next({ data: { s: 3 } }).slice(0, -9));
      if (how === 'its body ends') client.latest.end();
      else client.latest.fail();
      expect(told.told.at(-1)).toBe('error');
      expect(told.told).not.toContain('complete');
      // What came does not prove that nothing more was on its way.
      expect(told.failure).toMatchObject({ delivery: 'unknown', status: 200, headers });
    },
  );

  test('goes on for any time', async () => {
    const { client, clock, told } = streaming(headers);
    client.latest.chunk(next({ data: { s: 1 } }));
    await clock.advance(7 * 86_400_000);
    client.latest.chunk(next({ data: { s: 2 } }));
    expect(told.results).toHaveLength(2);
    expect(clock.pending).toBe(0);
  });

  test('that falls silent between its heartbeats is given up and lost', async () => {
    const { client, clock, told } = streaming(headers);
    client.latest.chunk(next({ data: { s: 1 } }) + beat);
    await clock.advance(10_000);
    client.latest.chunk(beat);
    await clock.advance(30_000);
    expect(told.failure).toMatchObject({ code: 'silent', delivery: 'unknown', status: 200 });
    expect(told.failure?.message).toContain('30000 ms');
    expect(client.latest.cancelled).toBe(true);
    expect(clock.pending).toBe(0);
  });

  test('that falls silent after heartbeats with events between them may just have nothing to say', async () => {
    const { client, clock, told } = streaming(headers);
    for (const piece of [beat, next({ data: { s: 1 } }), beat]) {
      client.latest.chunk(piece);
      await clock.advance(3_000);
    }
    await clock.advance(86_400_000);
    expect(told.failure).toBeUndefined();
  });

  test('that was left gives up its request, hears nothing more, and leaves no timer', async () => {
    const { client, clock, told } = streaming(headers);
    client.latest.chunk(beat);
    await clock.advance(5_000);
    client.latest.chunk(beat + next({ data: { s: 1 } }));
    expect(clock.pending).toBe(1);
    told.handle.cancel();
    told.handle.cancel();
    expect(client.latest.cancelled).toBe(true);
    expect(clock.pending).toBe(0);
    expect(told.told).toEqual(['sending', 'next']);
  });

  test('that was left at an event hears nothing of those behind it', () => {
    const { client, told } = streaming(headers);
    told.onNext = () => told.handle.cancel();
    client.latest.chunk(next({ data: { s: 1 } }) + next({ data: { s: 2 } }) + end);
    expect(told.told).toEqual(['sending', 'next']);
  });

  test('is held back by holding back its request, and is not watched meanwhile', async () => {
    const { client, clock, told } = streaming(headers);
    client.latest.chunk(beat);
    await clock.advance(5_000);
    client.latest.chunk(beat);
    told.handle.flow?.pause();
    expect(client.latest.paused).toBe(true);
    await clock.advance(86_400_000);
    expect(told.failure).toBeUndefined();
    told.handle.flow?.resume();
    expect(client.latest.paused).toBe(false);
    await clock.advance(15_000);
    expect(told.failure).toMatchObject({ code: 'silent' });
  });

  test('that is held back at an event keeps those behind it, and its end, until it goes on', async () => {
    const { client, told } = streaming(headers);
    const { flow } = told.handle;
    const data = (): unknown[] => told.results.map((result) => (result.data as { readonly s: number }).s);
    told.onNext = () => flow?.pause();
    client.latest.chunk(next({ data: { s: 1 } }) + next({ data: { s: 2 } }) + beat + next({ data: { s: 3 } }));
    client.latest.chunk(next({ data: { s: 4 } }) + end).end();
    expect(data()).toEqual([1]);
    told.onNext = () => {};
    flow?.resume();
    flow?.pause();
    await Promise.resolve();
    expect([data(), client.latest.paused]).toEqual([[1], true]);
    told.onNext = () => (data().at(-1) === 3 ? flow?.pause() : undefined);
    flow?.resume();
    await Promise.resolve();
    expect([data(), told.told.at(-1)]).toEqual([[1, 2, 3], 'next']);
    flow?.resume();
    await Promise.resolve();
    expect([data(), told.told.at(-1)]).toEqual([[1, 2, 3, 4], 'complete']);
  });

  test('that breaks while it is held back is lost at once, with what was not told yet', async () => {
    const { client, told } = streaming(headers);
    told.onNext = () => told.handle.flow?.pause();
    client.latest.chunk(next({ data: { s: 1 } }) + next({ data: { s: 2 } })).fail();
    expect([told.told, told.failure]).toMatchObject([['sending', 'next', 'error'], { delivery: 'unknown' }]);
    told.handle.flow?.resume();
    await Promise.resolve();
    expect(told.told).toEqual(['sending', 'next', 'error']);
  });

  test('is not touched by being held back after its end', async () => {
    const { client, clock, told } = streaming(headers);
    client.latest.chunk(end);
    client.latest.end();
    told.handle.flow?.pause();
    told.handle.flow?.resume();
    expect(client.latest.paused).toBe(false);
    expect(clock.pending).toBe(0);
  });

  test('with an event over limits.maxMessageBytes fails alone', () => {
    const { client, start } = openHttp({}, { maxMessageBytes: 100 });
    const told = start(subscription);
    begin(client.latest, 200, headers).chunk(next({ data: { s: 1 } }));
    client.latest.chunk(next({ data: { s: 'x'.repeat(100) } }));
    expect(told.told).toEqual(['sending', 'next', 'error']);
    expect(told.failure).toMatchObject({ code: 'too-large', delivery: 'answered' });
    expect(client.latest.cancelled).toBe(true);
  });

  test.each([
    ['nothing readable', 'Bad gateway'],
    ['nothing at all', ''],
    ['a heartbeat', undefined],
  ])('whose status is no success and whose body holds %s is no stream', (_what, body = beat) => {
    const { client, start } = openHttp();
    const told = start(subscription);
    (body === beat ? begin(client.latest, 502, headers) : client.latest.head(502, headers)).chunk(body).end();
    expect(told.failure).toMatchObject({ code: 'http-status', status: 502, headers, delivery: 'answered' });
    if (body === 'Bad gateway') expect(told.failure?.message).toContain('"Bad gateway"');
  });

  test('is one whatever the status is where its body says so', () => {
    const { client, start } = openHttp();
    const told = start(subscription);
    begin(client.latest, 400, headers).chunk(next({ errors: [{ message: 'no' }] }) + end);
    expect(told.results).toMatchObject([{ errors: [{ message: 'no' }] }]);
    expect(told.told.at(-1)).toBe('complete');
    expect(told.heads[0]?.status).toBe(400);
  });
});

describe('a subscription that is not answered with a stream', () => {
  test.each([500, 503, 404])('and with status %i fails with it', (status) => {
    const { client, start } = openHttp();
    const told = start(subscription);
    client.latest.answer('<h1>Sorry</h1>', status, { 'content-type': 'text/html' });
    expect(told.failure).toMatchObject({ code: 'http-status', status });
    expect(told.failure?.message).toContain('<h1>Sorry</h1>');
  });

  test('but with a page fails, and quotes it', () => {
    const { client, start } = openHttp();
    const told = start(subscription);
    client.latest.answer('<h1>Welcome</h1>', 200, { 'content-type': 'text/html' });
    expect(told.failure).toMatchObject({ code: 'protocol-error', status: 200 });
    expect(told.failure?.message).toContain('<h1>Welcome</h1>');
  });
});

describe('multipart subscriptions', () => {
  test('end with the errors beside a payload of null', () => {
    const { client, told } = streaming(multipart);
    client.latest.chunk(part({ payload: null, errors: [{ message: 'no source' }] }) + lastPart);
    expect(told.told).toEqual(['sending', 'error']);
    expect(told.failure).toMatchObject({
      code: 'graphql-errors',
      errors: [{ message: 'no source' }],
      status: 200,
      headers: multipart,
      delivery: 'answered',
    });
  });

  test('end with these errors whatever the status is, and with what is too large', () => {
    const { client, start } = openHttp({}, { maxMessageBytes: 100 });
    const failures = ['no source', 'x'.repeat(200)].map((message) => {
      const told = start(subscription);
      begin(client.latest, 503, multipart).chunk(part({ payload: null, errors: [{ message }] }));
      return told.failure;
    });
    expect(failures).toMatchObject([
      { code: 'graphql-errors', status: 503, errors: [{ message: 'no source' }] },
      { code: 'too-large', status: 503 },
    ]);
  });

  test('go on behind a part that cannot be read, with one warning', () => {
    const { client, told } = streaming(multipart);
    client.latest.chunk(part({ payload: { data: { s: 1 } } }));
    client.latest.chunk('\r\n\r\n{"payload":\r\n--graphql');
    client.latest.chunk(part({ payload: { data: { s: 2 } } }) + lastPart);
    expect(told.told).toEqual(['sending', 'next', 'next', 'complete']);
    expect(vi.mocked(console.warn).mock.calls).toEqual([
      [expect.stringContaining(`${place} was skipped: a part is not valid JSON`)],
    ]);
  });
});

test('A stream of events that breaks the rules fails, quotes what does, and is given up', () => {
  const { client, told } = streaming(sse);
  client.latest.chunk(`${event({ data: { s: 1 } })}data: oops\n\n`);
  expect(told.failure).toMatchObject({ code: 'protocol-error', delivery: 'answered', cause: expect.any(SyntaxError) });
  expect(told.failure?.message).toContain('oops');
  expect(client.latest.cancelled).toBe(true);
});

describe('an answer in parts', () => {
  const first = { data: { a: 1 }, hasNext: true };
  const last = { incremental: [{ path: [], data: { b: 2 } }], hasNext: false };

  describe.each([
    ['server-sent events', sse, event, complete],
    ['multipart', multipart, part, lastPart],
  ] as const)('as %s', (_name, headers, next, end) => {
    test('comes part by part, and ends with its last one', () => {
      const { client, clock, told } = streaming(headers, deferred);
      client.latest.chunk(next(first)).chunk(next(last) + end);
      client.latest.end();
      expect(told.told).toEqual(['sending', 'next', 'next']);
      expect(told.results).toEqual([first, last]);
      expect([clock.pending, client.latest.cancelled]).toEqual([0, false]);
    });

    test('leaves the rest of its body 5 s to end, then gives the request up', async () => {
      const { client, clock, told } = streaming(headers, deferred);
      client.latest.chunk(next(first) + next(last) + end);
      expect(told.results).toHaveLength(2);
      await clock.advance(4_999);
      client.latest.chunk(next(first));
      expect(client.latest.cancelled).toBe(false);
      await clock.advance(1);
      expect(client.latest.cancelled).toBe(true);
      expect(told.told).toEqual(['sending', 'next', 'next']);
    });

    test('is lost when it is cut off between its parts', () => {
      const { client, told } = streaming(headers, deferred);
      client.latest.chunk(next(first)).end();
      expect(told.told).toEqual(['sending', 'next', 'error']);
      expect(told.failure).toMatchObject({ code: 'closed', delivery: 'unknown' });
    });

    test('that the connection breaks behind is whole all the same', () => {
      const { client, clock, told } = streaming(headers, deferred);
      client.latest.chunk(next(first) + next(last));
      client.latest.fail();
      expect(told.told).toEqual(['sending', 'next', 'next']);
      expect(clock.pending).toBe(0);
    });

    test('may come whole', () => {
      const { client, told } = streaming(headers, deferred);
      client.latest.chunk(next({ data: { a: 1, b: 2 } }) + end);
      expect(told.results).toEqual([{ data: { a: 1, b: 2 } }]);
    });
  });

  test('with a part that cannot be read is wrong as a whole', () => {
    const { client, told } = streaming(multipart, deferred);
    client.latest.chunk(part(first) + part(5));
    client.latest.chunk(lastPart);
    expect(told.told).toEqual(['sending', 'next', 'error']);
    expect(told.failure).toMatchObject({ code: 'protocol-error', delivery: 'answered' });
  });

  test('may be JSON after all', () => {
    const { client, start } = openHttp();
    const told = start(deferred);
    client.latest.answer({ data: { a: 1, b: 2 } }, 200, json);
    expect(told.told).toEqual(['sending', 'next']);
  });

  test('that is completed before its last part is told as completed', () => {
    const { client, told } = streaming(sse, deferred);
    client.latest.chunk(event(first) + complete);
    expect(told.told).toEqual(['sending', 'next', 'complete']);
  });
});

test('The end of a stream leaves its body 5 s to end, and a cancelled one none', async () => {
  const { client, clock, told } = streaming(sse);
  client.latest.chunk(complete);
  expect(told.told).toEqual(['sending', 'complete']);
  expect([clock.pending, client.latest.cancelled]).toEqual([1, false]);
  await clock.advance(5_000);
  expect([clock.pending, client.latest.cancelled]).toEqual([0, true]);
});
