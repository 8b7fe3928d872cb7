// Asks what becomes of an operation whose attempt came to nothing, for each kind, and draws the answers.

import type { Delivery } from '../../../src/protocol/delivery.js';
import type { OperationKind } from '../../../src/protocol/result.js';
import { upload } from '../../../src/protocol/upload.js';
import { type Fate, fateAfterAnswer, fateAfterLoss } from '../../../src/session/fate.js';
import type { Failure } from '../../../src/transport/contract.js';
import { closedWith, httpStatus } from '../../session/support/failures.js';
import { TestOperation } from '../../session/support/test-operation.js';
import { table } from './table.js';

const kinds: readonly OperationKind[] = ['query', 'mutation', 'subscription'];
const rule = { attempts: 2 };
const lost = closedWith(1006);
const graphqlErrors: Failure = { code: 'graphql-errors', phase: 'operation', message: '' };
const tooLarge: Failure = { code: 'too-large', phase: 'operation', message: '' };
const unsendable: Failure = { code: 'bad-option', phase: 'operation', message: '' };
const temporary = [408, 425, 429, 502, 503, 504];

interface Row {
  readonly happening: string;
  /** What the server has seen of it. */
  readonly reached: string;
  readonly fateOf: (kind: OperationKind) => Fate;
  readonly errors: Readonly<Record<OperationKind, string>>;
  /** Where it is about one kind only. */
  readonly only?: OperationKind;
}

const ended = '`ConnectionLostError`';
const unknown = '`OutcomeUnknownError`';
const connectionErrors = { query: ended, mutation: unknown, subscription: ended };
const answerErrors = {
  query: '`GraphQLResultError`',
  mutation: '`GraphQLResultError`',
  subscription: '`GraphQLResultError`',
};
const responseErrors = { query: '`ResponseError`', mutation: '`ResponseError`', subscription: '`ResponseError`' };
const serverErrors = { query: '`ServerError`', mutation: '`ServerError`', subscription: '`ServerError`' };

const rows: readonly Row[] = [
  {
    happening: 'it was not sent yet, or provably not',
    reached: 'nothing',
    fateOf: (kind) => afterLoss(kind, 'not-sent', 1),
    errors: connectionErrors,
  },
  {
    happening: 'it was sent, the connection ended',
    reached: 'perhaps all of it',
    fateOf: (kind) => afterLoss(kind, 'unknown', 1),
    errors: connectionErrors,
  },
  {
    happening: 'the same, and its rule has no attempt left',
    reached: 'perhaps all of it, each time',
    fateOf: (kind) => afterLoss(kind, 'unknown', rule.attempts),
    errors: connectionErrors,
  },
  {
    happening: 'it was sent under an idempotency key that the server still holds, the connection ended',
    reached: 'perhaps all of it; it runs once',
    fateOf: (kind) => afterLoss(kind, 'unknown', 1, true),
    errors: connectionErrors,
    only: 'mutation',
  },
  {
    happening: 'it was sent, the connection ended; a file of it comes from a stream, which can be read only once',
    reached: 'perhaps all of it',
    fateOf: (kind) => fateAfterLoss(withStream(operation(kind, 1, false)), lost, 'unknown', 0, () => undefined),
    errors: connectionErrors,
  },
  {
    happening: 'it cannot be sent: its transport carries no files, or no header can hold what it was given',
    reached: 'nothing',
    fateOf: (kind) => fateAfterLoss(operation(kind, 1, false), unsendable, 'not-sent', 0, () => undefined),
    errors: { query: '`SessionError`', mutation: '`SessionError`', subscription: '`SessionError`' },
  },
  {
    happening: 'it was answered with GraphQL errors and without data',
    reached: 'all of it',
    fateOf: (kind) => afterAnswer(kind, graphqlErrors),
    errors: answerErrors,
  },
  {
    happening: 'HTTP transports: the same, with HTTP status 401',
    reached: 'the request, which was not applied',
    fateOf: (kind) => afterAnswer(kind, { ...graphqlErrors, status: 401 }),
    errors: answerErrors,
  },
  {
    happening: 'its answer is larger than `limits.maxMessageBytes`',
    reached: 'all of it',
    fateOf: (kind) => afterAnswer(kind, tooLarge),
    errors: responseErrors,
  },
  {
    happening: `HTTP transports: ${temporary.join(', ')} without a GraphQL body`,
    reached: 'the request; whether it ran, the server decides',
    fateOf: (kind) => alike(temporary.map((status) => afterAnswer(kind, httpStatus(status)))),
    errors: serverErrors,
  },
  {
    happening: 'HTTP transports: 401 without a GraphQL body',
    reached: 'the request, which was not applied',
    fateOf: (kind) => afterAnswer(kind, httpStatus(401)),
    errors: serverErrors,
  },
  {
    happening: 'HTTP transports: 403 without a GraphQL body',
    reached: 'the request; whether it ran, the server decides',
    fateOf: (kind) => afterAnswer(kind, httpStatus(403)),
    errors: serverErrors,
  },
  {
    happening: 'HTTP transports: any other status without a GraphQL body',
    reached: 'the request; whether it ran, the server decides',
    fateOf: (kind) => {
      const others = Array.from({ length: 400 }, (_, index) => 200 + index).filter(
        (one) => ![...temporary, 401, 403].includes(one),
      );
      return alike(others.map((status) => afterAnswer(kind, httpStatus(status))));
    },
    errors: serverErrors,
  },
];

export function drawOperations(): string {
  const head = ['the operation', 'query', 'mutation', 'subscription', 'what reached the server'];
  return table(
    head,
    rows.map(({ happening, reached, fateOf, errors, only = '' }) => [
      happening,
      ...kinds.map((kind) => (only === '' || only === kind ? inWords(fateOf(kind), kind, errors[kind]) : '')),
      reached,
    ]),
  );
}

function inWords(fate: Fate, kind: OperationKind, error: string): string {
  switch (fate) {
    case 'wait':
      return 'waits and is sent; that is no attempt';
    case 'again':
      return kind === 'subscription' ? 'is started again, with a `gap`' : 'is sent again';
    case 'refresh':
      return 'new credentials are asked for, and it is sent once more with them';
    case 'unknown':
      return unknown;
    case 'spent':
    case 'fail':
      return error;
  }
}

function afterLoss(kind: OperationKind, delivery: Delivery, sends: number, held = false): Fate {
  return fateAfterLoss(operation(kind, sends, held), lost, delivery, 0, () => undefined);
}

function afterAnswer(kind: OperationKind, failure: Failure): Fate {
  return fateAfterAnswer(operation(kind, 1, false), failure, () => undefined);
}

function operation(kind: OperationKind, sends: number, held: boolean): TestOperation {
  const made = new TestOperation({ kind, rule });
  made.sends = sends;
  if (held && kind === 'mutation') made.key = { key: 'k', heldUntil: 1 };
  return made;
}

/** Whose stream has been read. */
function withStream(made: TestOperation): TestOperation {
  const file = upload(new ReadableStream<Uint8Array>());
  file.open();
  made.request = { ...made.request, uploads: [{ paths: ['variables.file'], upload: file }] };
  return made;
}

function alike(fates: readonly Fate[]): Fate {
  const [fate, ...others] = new Set(fates);
  if (fate === undefined || others.length > 0) throw new Error('One row of the guide has two answers: split it.');
  return fate;
}
