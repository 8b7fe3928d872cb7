// Asks the table of verdicts about every way in which a connection can fail, and draws what it answers.

import * as CloseCode from '../../../src/protocol/close-codes.js';
import { type ConnectVerdict, connectVerdict, raisesSuspicion } from '../../../src/session/verdicts.js';
import type { Failure, FailureCode } from '../../../src/transport/contract.js';
import { closedWith, httpStatus } from '../../session/support/failures.js';
import { grouped } from './decision-table.js';
import { table } from './table.js';

interface Meaning {
  readonly when: string;
  readonly cure: string;
}

/** When a connection fails like this, and what to do; undefined where only operations fail like this. */
const meanings: Readonly<Record<FailureCode, Meaning | undefined>> = {
  network: {
    when: 'the name is not resolved, the connection is refused or reset; in browsers whatever keeps a socket from opening',
    cure: 'nothing; where it lasts, look at address, server and network',
  },
  timeout: {
    when: 'no socket within `limits.openTimeoutMs`, or no acknowledgement within `limits.ackTimeoutMs`',
    cure: 'nothing; a slow `onConnect` of the server is a usual cause',
  },
  closed: {
    when: 'the socket ended, with a close frame or without one (1006)',
    cure: 'see [close codes](#close-codes)',
  },
  silent: { when: 'the peer showed no sign of life, not even to a ping', cure: 'nothing' },
  'http-status': { when: 'the upgrade, or the proxy, was answered with an HTTP status', cure: 'see the rows below' },
  tls: { when: 'the certificate is not accepted', cure: 'repair the certificate, or give your own CA in `tls`' },
  refused: { when: 'a legacy `connection_error`, whatever close code follows', cure: 'give other credentials' },
  subprotocol: {
    when: 'the server selected no subprotocol, or one that was not offered',
    cure: 'set `protocols` or `assume` of `webSocket()`',
  },
  'protocol-error': {
    when: 'the server sent what is no message of the protocol, and we ended the connection',
    cure: "report it to the server's owner",
  },
  'too-large': {
    when: 'a message of more than four times `limits.maxMessageBytes`, and we ended the connection',
    cure: 'ask for less, or raise the limit',
  },
  'graphql-errors': undefined,
  'no-answer': undefined,
  interceptor: undefined,
  'invalid-operation': undefined,
  credentials: {
    when: 'the provider threw, gave something unusable, or took longer than 10 s',
    cure: 'repair the provider; `failure.cause` holds what it threw',
  },
  aborted: undefined,
  'bad-address': { when: 'the address cannot be used', cure: 'correct it' },
  'missing-dependency': {
    when: 'a package that the transport needs is not installed',
    cure: 'install it; the message holds the command',
  },
  'bad-option': {
    when: 'the platform refuses the address, a header or an option before anything is sent',
    cure: 'correct it; in browsers put credentials into `connectionParams`',
  },
};

const closeMeanings: Readonly<Record<keyof typeof CloseCode, string>> = {
  normal: 'closed normally',
  goingAway: 'the server shuts down, the page is left',
  protocolError:
    'a broken WebSocket frame; in the handshake also: not this subprotocol, and the other one is tried at once',
  unsupportedData: 'a kind of data that the peer does not take',
  noStatus: 'a close frame without a code',
  abnormal: 'no close frame: the network, a proxy, or a process that died',
  invalidPayload: 'text that is no UTF-8',
  policyViolation: 'a policy of the server or of a gateway',
  tooLarge: 'a message was too large for the peer',
  internalError: 'the server failed',
  serviceRestart: 'the server restarts',
  tryAgainLater: 'the server is overloaded',
  badGateway: 'a gateway got no usable answer',
  badResponse: 'clients say this of a malformed message',
  badRequest: 'the server did not understand a message',
  unauthorized: 'not authenticated',
  forbidden: 'not allowed',
  subprotocolNotAcceptable: 'no common subprotocol',
  initialisationTimeout: 'our `connection_init` came too late',
  subscriberAlreadyExists: 'an operation id that is in use',
  tooManyInitialisationRequests: 'two `connection_init` messages',
  terminated: 'the peer believes that we are dead',
  serverError: 'the server failed',
  acknowledgementTimeout: 'the acknowledgement came too late',
};

export function drawFailures(): string {
  const codes = Object.keys(meanings) as FailureCode[];
  const rows = codes.flatMap((code) => {
    const meaning = meanings[code];
    if (meaning === undefined) return [];
    const { when, cure } = meaning;
    if (code === 'closed') return [['`closed`', when, '', '', '', cure]];
    if (code === 'http-status') return [['`http-status`', when, '', '', '', cure], ...statusRows()];
    return [[`\`${code}\``, when, ...answersTo({ code, phase: 'connection', message: '' }), cure]];
  });
  return table(['failure', 'when', 'before the first ready', 'afterwards', 'suspects', 'what to do'], rows);
}

export function drawCloseCodes(): string {
  const known = Object.entries(CloseCode) as [keyof typeof CloseCode, number][];
  known.sort(([, one], [, other]) => one - other);
  const rows = known.map(([name, code]) => [String(code), closeMeanings[name], ...answersTo(closedWith(code))]);
  const numbers = known.map(([, code]) => code);
  const others = sequence(1000, 4999).filter((code) => !numbers.includes(code));
  const [answers = '', ...more] = new Set(others.map((code) => JSON.stringify(answersTo(closedWith(code)))));
  if (more.length > 0) throw new Error('A close code without a name has a verdict of its own: name it.');
  rows.push(['any other', '', ...(JSON.parse(answers) as string[])]);
  return table(['code', 'means', 'before the first ready', 'afterwards', 'suspects'], rows);
}

const statusCures: Readonly<Record<ConnectVerdict, string>> = {
  fail: 'correct address or path',
  refresh: 'give other credentials',
  retry: 'nothing; `Retry-After` is honoured',
  'retry-slowly': '',
};

function statusRows(): string[][] {
  const statuses = grouped(sequence(200, 599), (status) => JSON.stringify(answersTo(httpStatus(status))));
  return [...statuses].map(([answers, group]) => {
    const verdict = connectVerdict(httpStatus(group[0] ?? 0), false);
    return ['', `status ${ranges(group)}`, ...(JSON.parse(answers) as string[]), statusCures[verdict]];
  });
}

function answersTo(failure: Failure): string[] {
  const verdicts = [false, true].map((contacted) => `\`${connectVerdict(failure, contacted)}\``);
  return [...verdicts, raisesSuspicion(failure) ? 'yes' : 'no'];
}

function sequence(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** As in `200-400, 402`. */
function ranges(numbers: readonly number[]): string {
  const starts = numbers.filter((number) => !numbers.includes(number - 1));
  const ends = numbers.filter((number) => !numbers.includes(number + 1));
  return starts.map((start, index) => (start === ends[index] ? `${start}` : `${start}-${ends[index]}`)).join(', ');
}
