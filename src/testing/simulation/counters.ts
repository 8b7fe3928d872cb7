// What a large batch of runs must have met: every kind of fault, every transition of the session's state, every way in which
// an operation ends. A rule that was never put to the test was not tested.

/** In a batch of `floorSeeds` or more, each declared counter reaches `floor`. */
export const floor = 100;
export const floorSeeds = 2_000;

const faults = [
  'backlog',
  'close 1000',
  'close 1001',
  'close 1008',
  'close 1009',
  'close 1011',
  'close 1012',
  'close 1013',
  'close 4400',
  'close 4401',
  'close 4403',
  'close 4408',
  'close 4409',
  'close 4429',
  'close 4500',
  'close before ack',
  'connect hangs',
  'connection_error',
  'crash',
  'cut',
  'duplicate',
  'garbage',
  'going away',
  'half-open',
  'half-open down',
  'half-open up',
  'keys change',
  'late answer',
  'no ack',
  'poison',
  'stall down',
  'stall up',
  'status 401',
  'status 404',
  'status 503',
  'unreachable',
  'wrong id',
];

const states = [
  'idle->connecting',
  'connecting->connecting',
  'connecting->ready',
  'connecting->waiting',
  'connecting->failed',
  'connecting->closing',
  'ready->ready',
  'ready->connecting',
  'ready->waiting',
  'ready->failed',
  'ready->closing',
  'waiting->connecting',
  'waiting->closing',
  'failed->connecting',
  'failed->closing',
  'closing->closing',
  'closing->closed',
];

const causes = ['closed', 'http-status', 'network', 'protocol-error', 'refused', 'silent', 'timeout', 'too-large'];

const calls = [
  'CancelledError:not-sent',
  'CancelledError:unknown',
  'ConnectError:not-sent',
  'ConnectError:unknown',
  'ConnectionLostError:unknown',
  'DeadlineError:not-sent',
  'DeadlineError:unknown',
  'GraphQLResultError:answered',
  'OperationRejectedError:unknown',
  'OutcomeUnknownError:unknown',
  'QueueFullError:not-sent',
  'ResponseError:answered',
  'SessionClosedError:not-sent',
  'SessionClosedError:unknown',
];

const subscriptions = [
  'done',
  'left',
  'BufferFullError',
  'CancelledError',
  'ConnectError',
  'GapError',
  'GraphQLResultError',
  'OperationRejectedError',
  'QueueFullError',
  'ResponseError',
  'SessionClosedError',
];

const others = [
  'query:answered:1 sent',
  'query:answered:2 sent',
  'query:answered:3 sent',
  'mutation:answered:1 sent',
  'mutation:answered:2 sent',
  'mutation:answered:3 sent',
  'mutation sent again with its key',
  'idempotent replay',
  'gap:connection-lost',
  'gap:dropped',
  'gap:going-away',
  'gap:parked',
  'gap:retried',
  'credentials:open',
  'credentials:refused',
  'ping:answered',
  'ping:ConnectError',
  'ping:DeadlineError',
  'ready:resolved',
  'ready:ConnectError',
  'ready:SessionClosedError',
];

export const declaredCounters: readonly string[] = [
  ...faults.map((name) => `fault:${name}`),
  ...states.map((name) => `state:${name}`),
  ...causes.map((name) => `cause:${name}`),
  ...calls.map((name) => `call:${name}`),
  ...subscriptions.map((name) => `subscription:${name}`),
  ...others,
];
