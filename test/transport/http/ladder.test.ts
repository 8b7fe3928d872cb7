// Several transports to one server: which failures leave one for the next, and what is remembered.

import { describe, expect, test } from 'vitest';
import { OptionError } from '../../../src/protocol/errors/option-error.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import type { Connection, Failure, OpenContext, Transport } from '../../../src/transport/contract.js';
import { ladder } from '../../../src/transport/http/ladder.js';
import { OpenError } from '../../../src/transport/open-error.js';

/** What an attempt to open comes to: a failure, or nothing for a connection. */
type Outcome = Failure | Error | undefined;

interface Rung extends Transport {
  readonly connection: Connection;
  opened: number;
}

/** A transport whose attempts to open come to these, one after the other; the last one is for all that follow. */
function rung(name: string, ...outcomes: readonly Outcome[]): Rung {
  const connection = { name } as unknown as Connection;
  return {
    name,
    connection,
    opened: 0,
    async open() {
      const outcome = outcomes[Math.min(this.opened, outcomes.length - 1)];
      this.opened += 1;
      if (outcome === undefined) return connection;
      throw outcome instanceof Error ? outcome : new OpenError(outcome);
    },
  };
}

function failure(code: Failure['code'], more: Partial<Failure> = {}): Failure {
  return { code, phase: 'connect', message: `${code} ${more.status ?? ''}`, ...more };
}

const status = (value: number): Failure => failure('http-status', { status: value });

const none = (): void => {};
const events = { heard: none, keepAlive: none, pong: none, control: none, goingAway: none, backlog: none };

function contextOf(signal: AbortSignal = new AbortController().signal): OpenContext {
  const limits = { openTimeoutMs: 1, ackTimeoutMs: 1, closeTimeoutMs: 1, maxMessageBytes: 1 };
  return { signal, generation: 1, credentials: {}, clock: new VirtualClock(), limits };
}

/** Opens it so often, whatever comes of that: the names of what it opened, or what it failed with. */
async function open(transport: Transport, times: number): Promise<string[]> {
  const came: string[] = [];
  for (let time = 0; time < times; time++) {
    try {
      const connection: unknown = await transport.open(contextOf(), events);
      came.push((connection as { name: string }).name);
    } catch (error) {
      came.push(error instanceof OpenError ? error.failure.code : String(error));
    }
  }
  return came;
}

describe('a transport that is said to be of no use is left at once', () => {
  test.each([
    ['no common subprotocol', failure('subprotocol')],
    ['what the platform cannot do', failure('bad-option')],
    ['a package that is not installed', failure('missing-dependency')],
    ['a redirect', status(302)],
    ['a path that is not there', status(404)],
    ['a method that is not allowed', status(405)],
    ['an upgrade that is not understood', status(400)],
    ['another protocol that is wanted', status(426)],
  ])('%s', async (_what, why) => {
    const first = rung('first', why);
    expect(await open(ladder([first, rung('second')]), 2)).toEqual(['second', 'second']);
    // What worked is remembered: the first one is not asked again.
    expect(first.opened).toBe(1);
  });
});

describe('a transport that has worked and is then said to be of no use', () => {
  test('is waited for: while a server is being replaced, what stands before it may say so', async () => {
    const first = rung('first', undefined, status(404), status(404), undefined, status(404), status(404), undefined);
    const second = rung('second');
    const seen = await open(ladder([first, second]), 7);
    expect(seen).toEqual(['first', 'http-status', 'http-status', 'first', 'http-status', 'http-status', 'first']);
    expect(second.opened).toBe(0);
  });

  test('is left after the third time in a row: something on the way has changed', async () => {
    const first = rung('first', undefined, status(404), status(404), status(404));
    const seen = await open(ladder([first, rung('second')]), 5);
    expect(seen).toEqual(['first', 'http-status', 'http-status', 'second', 'second']);
  });
});

describe('a transport that does not say why it fails is left after the third time in a row', () => {
  test.each([
    ['a connection that ends during the handshake', failure('closed', { closeCode: 1006 })],
    ['silence', failure('timeout')],
    ['an error of a browser, which tells nothing', failure('network')],
    [
      "an error of a browser's fetch, which tells nothing",
      failure('network', { cause: new TypeError('Failed to fetch') }),
    ],
  ])('%s', async (_what, why) => {
    const first = rung('first', why);
    expect(await open(ladder([first, rung('second')]), 4)).toEqual([why.code, why.code, 'second', 'second']);
    expect(first.opened).toBe(3);
  });

  test('not where it has worked: then the server is away', async () => {
    const first = rung(
      'first',
      undefined,
      failure('closed'),
      failure('closed'),
      failure('closed'),
      failure('closed'),
      undefined,
    );
    const second = rung('second');
    expect(await open(ladder([first, second]), 6)).toEqual(['first', 'closed', 'closed', 'closed', 'closed', 'first']);
    expect(second.opened).toBe(0);
  });
});

describe('a transport is waited for where that may help', () => {
  test.each<[string, Failure]>([
    ['a refused connection', failure('network', { cause: Object.assign(new Error('no'), { code: 'ECONNREFUSED' }) })],
    [
      'a name that is not known, behind a fetch',
      failure('network', { cause: new TypeError('failed', { cause: new Error('ENOTFOUND') }) }),
    ],
    ['a certificate', failure('tls')],
    ['a refused init', failure('refused')],
    ['a provider of credentials that fails', failure('credentials')],
    ['an address that cannot work anywhere', failure('bad-address')],
    ...[401, 403, 408, 425, 429, 500, 502, 503, 504].map(
      (value) => [`HTTP ${value}`, status(value)] satisfies [string, Failure],
    ),
  ])('%s', async (_what, why) => {
    const second = rung('second');
    expect(await open(ladder([rung('first', why), second]), 5)).toEqual(Array(5).fill(why.code));
    expect(second.opened).toBe(0);
  });

  test('what no transport throws is a defect, and is not hidden by the next one', async () => {
    const second = rung('second');
    expect(await open(ladder([rung('first', new Error('defect')), second]), 1)).toEqual(['Error: defect']);
    expect(second.opened).toBe(0);
  });
});

describe('where several transports fail', () => {
  test('all are tried, and the failure is that of the last', async () => {
    const rungs = [rung('first', status(404)), rung('second', failure('subprotocol')), rung('third', status(503))];
    expect(await open(ladder(rungs), 2)).toEqual(['http-status', 'http-status']);
    expect(rungs.map(({ opened }) => opened)).toEqual([2, 2, 2]);
  });

  test('nothing is remembered before one works: the first is tried anew each time', async () => {
    const first = rung('first', status(404), status(404), undefined);
    const second = rung('second', status(503));
    expect(await open(ladder([first, second]), 3)).toEqual(['http-status', 'http-status', 'first']);
  });

  test('the last one is never left, whatever it says', async () => {
    const only = rung('only', status(404), failure('subprotocol'), undefined);
    expect(await open(ladder([only]), 3)).toEqual(['http-status', 'subprotocol', 'only']);
  });

  test('the times in a row are counted anew for each', async () => {
    const [first, second] = [rung('first', failure('timeout')), rung('second', failure('timeout'))];
    const transport = ladder([first, second, rung('third')]);
    // After three times the first is left for the second, which fails as well, for the first time.
    expect(await open(transport, 4)).toEqual(['timeout', 'timeout', 'timeout', 'timeout']);
    expect([first.opened, second.opened]).toEqual([4, 1]);
  });
});

describe('an attempt that is given up', () => {
  test('tries no other transport, and is no failure in a row', async () => {
    const [first, second] = [rung('first', failure('timeout')), rung('second')];
    const transport = ladder([first, second]);
    for (let time = 0; time < 5; time++) {
      await expect(transport.open(contextOf(AbortSignal.abort()), events)).rejects.toBeInstanceOf(OpenError);
    }
    expect([first.opened, second.opened]).toEqual([5, 0]);
    expect(await open(transport, 3)).toEqual(['timeout', 'timeout', 'second']);
  });

  test('between two transports does not try the second', async () => {
    const given = new AbortController();
    const first: Transport = {
      name: 'first',
      async open() {
        given.abort();
        throw new OpenError(status(404));
      },
    };
    const second = rung('second');
    await expect(ladder([first, second]).open(contextOf(given.signal), events)).rejects.toThrow('404');
    expect(second.opened).toBe(0);
  });
});

test('what one session has learned, the others over the same value know', async () => {
  const first = rung('first', status(404));
  const transport = ladder([first, rung('second')]);
  await Promise.all([open(transport, 1), open(transport, 1)]);
  expect(await open(transport, 1)).toEqual(['second']);
  expect(first.opened).toBe(2);
  expect(await open(ladder([first, rung('other')]), 1)).toEqual(['other']);
});

test('its name says what it tries, in order', () => {
  expect(ladder([rung('websocket ws://a'), rung('fetch http://a')]).name).toBe('websocket ws://a, else fetch http://a');
});

test.each([
  ['nothing', undefined],
  ['no transports', []],
  ['one that is no list', rung('first')],
  ['what is no transport', [rung('first'), 'https://example.com']],
  ['a hole', [undefined]],
])('a ladder of %s is refused', (_what, rungs) => {
  expect(() => ladder(rungs as Transport[])).toThrow(OptionError);
});
