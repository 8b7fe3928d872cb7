// graphql-js 17 executes `@defer` and `@stream`; 16 is what this repository has installed, so the newer one's face is imitated.

import * as graphql from 'graphql';
import type { GraphQLModule } from '../../../src/server/execution/graphql-module.js';

/** Answers every query with `{ hello, list }` in parts; a promise is waited for, an error is thrown. */
export function inParts(parts: readonly (object | Promise<object>)[], closed: () => void = () => {}): GraphQLModule {
  return {
    ...graphql,
    experimentalExecuteIncrementally: () => ({
      initialResult: {
        data: { hello: null, list: [] },
        pending: [{ id: '0', path: ['list'] }],
        hasNext: true,
      } as graphql.ExecutionResult,
      subsequentResults: (async function* () {
        try {
          for (const part of parts) {
            if (part instanceof Error) throw part;
            yield (await part) as graphql.ExecutionResult;
          }
        } finally {
          closed();
        }
      })(),
    }),
  };
}
