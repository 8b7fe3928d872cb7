// Our server with a field that comes later where a client writes `@defer`, or takes an answer in parts at all. graphql-js 17 makes
// such answers; 16 is what this repository has installed, so the newer one's face is imitated, in both formats of parts.

import * as graphql from 'graphql';
import type { IncrementalFormat } from '../../../../src/protocol/executor.js';
import type { GraphQLModule } from '../../../../src/server/execution/graphql-module.js';
import type { TestServer } from '../../../server/support/serving.js';
import { startOurServer } from '../../graphql-ws/support/our-server.js';

export interface DeferringServer extends TestServer {
  /** Lets the second part come. */
  open(): void;
}

/** Answered with `hello` at once, and with `late` when that is opened. */
export const deferredQuery = '{ hello ... @defer(label: "later") { late } }';

const schema = graphql.buildSchema(/* GraphQL */ `
  directive @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT
  type Query {
    hello: String
    late: String
  }
`);

export async function startDeferringServer(): Promise<DeferringServer> {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const server = await startOurServer({ schema }, { load: () => Promise.resolve(inParts(opened)) });
  return { ...server, open };
}

function inParts(opened: Promise<void>): GraphQLModule {
  const answer = (format: IncrementalFormat) => () => {
    const [initialResult, second] = parts[format];
    const subsequentResults = (async function* () {
      await opened;
      yield second as graphql.ExecutionResult;
    })();
    return { initialResult: initialResult as graphql.ExecutionResult, subsequentResults };
  };
  return {
    ...graphql,
    experimentalExecuteIncrementally: answer('current'),
    legacyExecuteIncrementally: answer('2022-08-24'),
  };
}

const data = { hello: 'Hello' };
const later = { late: 'At last' };

const parts: Readonly<Record<IncrementalFormat, readonly [object, object]>> = {
  current: [
    { data, pending: [{ id: '0', path: [], label: 'later' }], hasNext: true },
    { incremental: [{ id: '0', data: later }], completed: [{ id: '0' }], hasNext: false },
  ],
  '2022-08-24': [
    { data, hasNext: true },
    { incremental: [{ path: [], label: 'later', data: later }], hasNext: false },
  ],
};
