// One connection of the transport, without a session: what it is opened with, and everything that it tells.

const clock = {
  now: () => Date.now(),
  setTimer: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

const limits = { openTimeoutMs: 10_000, ackTimeoutMs: 10_000, closeTimeoutMs: 1_000, maxMessageBytes: 2 ** 24 };

/** Opens a connection, or gives the failure. `told` is filled with the names of what it tells. */
export async function open(transport, { told = [], signal = new AbortController().signal, ...context } = {}) {
  const names = ['heard', 'keepAlive', 'pong', 'control', 'goingAway', 'backlog'];
  const events = Object.fromEntries(
    names.map((name) => [name, (payload) => told.push(typeof payload === 'string' ? `${name} ${payload}` : name)]),
  );
  const given = { signal, generation: 1, credentials: {}, clock, ...context, limits: { ...limits, ...context.limits } };
  try {
    return { connection: await transport.open(given, events) };
  } catch ({ failure }) {
    return { failure };
  }
}

/** How our side ends a connection. */
export const ended = {
  by: 'us',
  code: 4499,
  reason: 'silent',
  clean: false,
  failure: { code: 'silent', phase: 'connection', message: 'The peer showed no sign of life.' },
};

export const query = {
  id: '1',
  kind: 'query',
  query: '{ ok }',
  operationName: undefined,
  variables: undefined,
  extensions: undefined,
  headers: undefined,
};

/** Starts an operation; its answer, or the failure that it ends in. */
export function ask(connection, request = query) {
  return new Promise((resolve) => {
    connection.start(request, { sending() {}, next: resolve, error: resolve, complete() {} });
  });
}

/** A whole turn of the page's event loop: everything that was due has happened. */
export function turn() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

/** The platform's WebSocket, with each one that was made to be looked at. */
export function watched() {
  const made = [];
  class Watched extends WebSocket {
    constructor(...given) {
      super(...given);
      made.push(this);
    }
  }
  return { made, Watched };
}
