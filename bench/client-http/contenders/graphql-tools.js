// The HTTP executor of GraphQL Tools, with the fetch it comes with.

import { buildHTTPExecutor } from '@graphql-tools/executor-http';
import { parse } from 'graphql';
import { query } from '../question.js';

const document = parse(query);

export function open({ http1 }) {
  const execute = buildHTTPExecutor({ endpoint: http1 });
  return async (variables) => {
    const { data, errors } = await execute({ document, variables });
    if (errors !== undefined) throw errors[0];
    return data;
  };
}
