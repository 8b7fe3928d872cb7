// The file for browsers, in Node: what it refuses, and its socket over a stand-in that closes as slowly, fails as silently and
// buffers as much as a platform may.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { OptionError } from '../../../src/protocol/errors/option-error.js';
import { webSocket } from '../../../src/transport/websocket/browser.js';
import type { WebSocketOptions } from '../../../src/transport/websocket/index.js';
import { platformSocketOpener } from '../../../src/transport/websocket/platform.js';
import type { Socket, SocketEnd, SocketRequest } from '../../../src/transport/websocket/socket.js';
import { type StandIn, standIns } from './support/stand-in.js';

const address = 'wss://example.com/graphql';

describe('webSocket() in a browser', () => {
  function refusal(given: string, options?: unknown): OptionError {
    try {
      webSocket(given, options as WebSocketOptions);
    } catch (error) {
      expect(error).toBeInstanceOf(OptionError);
      return error as OptionError;
    }
    throw new Error('It was expected to be refused.');
  }
  const { WebSocket } = standIns();

  test.each([
    ['headers', { headers: { 'X-A': '1' } }, 'Put credentials into "connectionParams".'],
    ['agent', { agent: {} }, 'Leave the option out.'],
    ['tls', { tls: {} }, 'Add a CA of your own where the platform keeps its trusted ones.'],
    ['proxy', { proxy: 'http://proxy:3128' }, 'Set it there.'],
    ['proxy', { proxy: 'no address' }, 'Set it there.'],
    ['compression', { compression: true }, 'Switch it on or off there.'],
  ])('refuses the option "%s", injected WebSocket or not, and says what to do', (option, options, advice) => {
    for (const given of [options, { ...options, WebSocket }]) {
      const error = refusal(address, given);
      expect(error).toMatchObject({ option, code: 'bad-option', phase: 'prepare' });
      expect(error.message).toMatch(
        new RegExp(`^Option "${option}" cannot be honoured by a WebSocket of the platform`),
      );
      expect(error.message.endsWith(advice)).toBe(true);
    }
  });

  test('refuses a user in the address, which a browser would leave out without a word', () => {
    for (const given of ['wss://alice@example.com/', 'wss://:pa55word@example.com/']) {
      const error = refusal(given, { WebSocket });
      expect(error).toMatchObject({ option: 'address' });
      expect(error.message).not.toMatch(/alice|pa55word/);
    }
  });

  describe('where the platform', () => {
    afterEach(() => {
      vi.unstubAllGlobals();
    });

    test('has no WebSocket, says so at once', () => {
      vi.stubGlobal('WebSocket', undefined);
      expect(refusal(address)).toMatchObject({ option: 'WebSocket' });
      expect(webSocket(address, { WebSocket }).name).toBe(`websocket ${address}`);
    });

    test('has one, takes it', () => {
      vi.stubGlobal('WebSocket', WebSocket);
      expect(webSocket(address).name).toBe(`websocket ${address}`);
    });
  });
});

describe('a socket of the platform', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function opening(given: Partial<SocketRequest> = {}) {
    const { WebSocket, made } = standIns();
    const told: string[] = [];
    const ends: SocketEnd[] = [];
    let socket: Socket | undefined;
    const giveUp = new AbortController();
    const request: SocketRequest = {
      address,
      place: address,
      protocols: ['graphql-transport-ws', 'graphql-ws'],
      assume: undefined,
      headers: {},
      hasConnectionParams: false,
      maxPayloadBytes: 1_000,
      signal: giveUp.signal,
      now: () => 0,
      ...given,
    };
    platformSocketOpener(WebSocket)(request, {
      failed: ({ code }) => told.push(`failed ${code}`),
      opened: (openedSocket, subprotocol) => {
        socket = openedSocket;
        told.push(`opened ${subprotocol}`);
        return {
          text: (data, bytes) => told.push(`text ${data.slice(0, 10)} ${bytes}`),
          binary: () => told.push('binary'),
          heard: () => told.push('heard'),
          pong: () => told.push('pong'),
          drained: () => told.push('drained'),
          socketClosed: (end) => {
            told.push('closed');
            ends.push(end);
          },
        };
      },
    });
    const last = (): StandIn => {
      const standIn = made.at(-1);
      if (standIn === undefined) throw new Error('Nothing was made.');
      return standIn;
    };
    return { made, last, told, ends, giveUp, socket: (): Socket => socket as Socket };
  }

  function opened(given: Partial<SocketRequest> = {}) {
    const all = opening(given);
    all.last().open('graphql-ws');
    all.told.length = 0;
    return { ...all, standIn: all.last(), socket: all.socket() };
  }

  test('that is terminated has ended at once, and nothing that the platform still does is told', () => {
    const { standIn, socket, told, ends } = opened();
    socket.terminate();
    expect(standIn.closes).toEqual([{ code: undefined, reason: undefined }]);
    expect(standIn.isDetached).toBe(true);
    expect(ends).toEqual([{ code: 1006, reason: '', clean: false, failedByUs: false, error: undefined }]);
    standIn.message('late');
    standIn.error();
    standIn.closed(1000);
    socket.terminate();
    expect(told).toEqual(['closed']);
  });

  test('that the platform ends tells it once, with its code', () => {
    const { standIn, socket, told, ends } = opened();
    standIn.error();
    standIn.closed(4500, 'broken');
    socket.terminate();
    expect(told).toEqual(['closed']);
    expect(ends[0]).toMatchObject({ code: 4500, reason: 'broken', clean: true });
    expect(standIn.isDetached).toBe(true);
  });

  test('that is closed is heard until the peer has closed it too', () => {
    const { standIn, socket, told } = opened();
    socket.close(4004, 'Bad response');
    expect(standIn.closes).toEqual([{ code: 4004, reason: 'Bad response' }]);
    standIn.message('x');
    standIn.closed(4004);
    expect(told).toEqual(['heard', 'text x 1', 'closed']);
  });

  test.each([
    [1000, 1000],
    [1001, 1000],
    [1009, 1000],
    [3000, 3000],
    [4499, 4499],
  ])('that is closed with %i is closed with %i, since the platform allows no more', (asked, given) => {
    const { standIn, socket } = opened();
    socket.close(asked, '');
    expect(standIn.closes).toEqual([{ code: given, reason: '' }]);
  });

  test('takes nothing once it closes: the platform would count it as buffered for ever', () => {
    const { standIn, socket } = opened();
    socket.send('a');
    standIn.readyState = 2;
    expect(socket.writable).toBe(false);
    socket.send('b');
    expect(standIn.sent).toEqual(['a']);
  });

  test('asks for binary messages as bytes, and tells of one without its contents', () => {
    const { standIn, told } = opened();
    expect(standIn.binaryType).toBe('arraybuffer');
    standIn.message(new ArrayBuffer(4));
    expect(told).toEqual(['heard', 'binary']);
  });

  test.each([
    ['by its characters alone', 'x'.repeat(1_001)],
    ['by its bytes', '€'.repeat(334)],
  ])('ends at a message that is too large %s, and tells nothing of it', (_how, text) => {
    const { standIn, told, ends } = opened();
    standIn.message('€'.repeat(333));
    standIn.message(text);
    standIn.message('after');
    expect(told).toEqual(['heard', `text ${'€'.repeat(10)} 999`, 'heard', 'closed']);
    expect(ends[0]).toMatchObject({ code: 1009, failedByUs: true });
    expect(standIn.closes).toEqual([{ code: 4004, reason: 'Message too large' }]);
  });

  test('looks whether what piled up has gone, until it has, and with every message that arrives meanwhile', () => {
    const { standIn, socket, told } = opened();
    socket.send('small');
    vi.advanceTimersByTime(1_000);
    expect(told).toEqual([]);
    standIn.bufferedAmount = 2 ** 20;
    socket.send('large');
    socket.send('larger');
    vi.advanceTimersByTime(20);
    expect(told).toEqual(['drained']);
    standIn.message('x');
    expect(told).toEqual(['drained', 'heard', 'text x 1', 'drained']);
    standIn.bufferedAmount = 0;
    vi.advanceTimersByTime(20);
    expect(vi.getTimerCount()).toBe(0);
    standIn.message('y');
    expect(told.slice(4)).toEqual(['drained', 'heard', 'text y 1']);
  });

  test.each(['terminated by us', 'ended by the platform'])('that is %s watches its backlog no more', (how) => {
    const { standIn, socket } = opened();
    standIn.bufferedAmount = 2 ** 20;
    socket.send('large');
    expect(vi.getTimerCount()).toBe(1);
    if (how === 'terminated by us') socket.terminate();
    else standIn.closed(1006, '', false);
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each(['error, close', 'error', 'close'])('that never opens fails once, with the events "%s"', (events) => {
    const { last, told } = opening();
    const standIn = last();
    if (events.includes('error')) standIn.error();
    if (events.includes('close')) standIn.closed(1006, '', false);
    expect(told).toEqual(['failed network']);
    expect(standIn.isDetached).toBe(true);
  });

  test('that is given up while it connects has failed at once, and may open afterwards unheard', () => {
    const { last, told, giveUp } = opening();
    giveUp.abort();
    expect(last().closes).toHaveLength(1);
    last().open('graphql-ws');
    last().closed(1006);
    expect(told).toEqual(['failed aborted']);
  });

  test('that was opened is not closed by the signal of its opening', () => {
    const { standIn, giveUp, told } = opened();
    giveUp.abort();
    expect(standIn.closes).toEqual([]);
    expect(told).toEqual([]);
  });

  test('tries once more without an offer where a subprotocol is assumed, and once only', () => {
    const { made, last, told, giveUp } = opening({ assume: 'graphql-ws' });
    last().error();
    expect(made.map(({ offered }) => offered)).toEqual([['graphql-transport-ws', 'graphql-ws'], []]);
    expect(told).toEqual([]);
    last().open('');
    expect(told).toEqual(['opened graphql-ws']);
    giveUp.abort();
    const second = opening({ assume: 'graphql-ws' });
    second.last().error();
    second.last().error();
    expect(second.told).toEqual(['failed network']);
    expect(second.made).toHaveLength(2);
  });

  test('of a server that selects what was not offered is left, and says so', () => {
    const { last, told } = opening();
    last().open('soap');
    expect(told).toEqual(['failed subprotocol']);
    expect(last().closes).toEqual([{ code: 1000, reason: undefined }]);
    expect(last().isDetached).toBe(true);
  });

  test('that the class refuses to make fails for good', () => {
    const told: string[] = [];
    class Refusing {
      constructor() {
        throw new DOMException('Not from here.', 'SecurityError');
      }
    }
    const { signal } = new AbortController();
    platformSocketOpener(Refusing as never)(
      {
        address,
        place: address,
        protocols: ['graphql-ws'],
        assume: undefined,
        headers: {},
        hasConnectionParams: false,
        maxPayloadBytes: 1,
        signal,
        now: () => 0,
      },
      {
        failed: ({ code, message }) => told.push(code, message),
        opened: () => {
          throw new Error('It was expected to fail.');
        },
      },
    );
    expect(told[0]).toBe('bad-option');
    expect(told[1]).toContain('Not from here. A page that was loaded over https: may open wss: only.');
  });
});
