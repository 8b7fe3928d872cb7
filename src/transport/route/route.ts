// Which operation goes which way: lanes, each a transport with a life of its own, and who takes what.

import { OptionError } from '../../protocol/errors/option-error.js';
import { describe, refuseUnknownOptions } from '../../protocol/options.js';
import type { Lane, OperationRequest, Route, Transport } from '../contract.js';

export interface Branch {
  /** Which operations go this way. */
  readonly when: (request: OperationRequest) => boolean;
  readonly transport: Transport;
}

/**
 * Sends operations by different ways: each to the first branch that wants it, everything else to `main`. Every way is a
 * connection of its own, kept by the session with all its promises; `main` is opened at once, the others when they are first
 * needed. `session.state` is that of the way which is worst off.
 *
 * @throws OptionError for what is no transport or no branch.
 * @example
 * ```ts
 * const transport = route(undici('https://example.com/graphql'), [
 *   { when: ({ kind }) => kind === 'subscription', transport: webSocket('wss://example.com/graphql') },
 * ]);
 * ```
 */
export function route(main: Transport, branches: readonly Branch[]): Route {
  checkTransport('main', main);
  if (!Array.isArray(branches)) {
    throw new OptionError(
      'branches',
      `Option "branches" must be a list of { when, transport }; it is ${describe(branches)}.`,
    );
  }
  const others = branches.flatMap((given, index): readonly Lane[] => {
    const branch = { ...given };
    const option = `branches[${index}]`;
    refuseUnknownOptions(option, branch, ['when', 'transport']);
    checkTransport(`${option}.transport`, branch.transport);
    if (typeof branch.when !== 'function') {
      throw new OptionError(
        `${option}.when`,
        `Option "${option}.when" must be a function; it is ${describe(branch.when)}.`,
      );
    }
    return lanesOf(branch.transport, branch.when);
  });
  const [first, ...rest] = lanesOf(main, (request) => !others.some(({ takes }) => takes(request)));
  return {
    name: [main, ...branches.map(({ transport }) => transport)].map(({ name }) => name).join(' and '),
    lanes: [first, ...rest, ...others],
  };
}

/** The lanes of a transport, or itself as one, for the operations that go its way. */
function lanesOf(transport: Transport, when: Lane['takes']): Route['lanes'] {
  if (transport.lanes === undefined) return [{ transport, takes: when }];
  const within = ({ transport, takes }: Lane): Lane => ({
    transport,
    takes: (request) => when(request) && takes(request),
  });
  const [first, ...rest] = transport.lanes;
  return [within(first), ...rest.map(within)];
}

function checkTransport(option: string, value: unknown): void {
  const { name, open } = Object(value) as Partial<Transport>;
  if (typeof name === 'string' && typeof open === 'function') return;
  throw new OptionError(
    option,
    `Option "${option}" must be a transport, as in undici('https://example.com/graphql'); it is ${describe(value)}.`,
  );
}
