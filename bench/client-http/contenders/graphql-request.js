// graphql-request over the platform's fetch, as its README shows it.

import { GraphQLClient } from 'graphql-request';
import { query } from '../question.js';

export function open({ http1 }) {
  const client = new GraphQLClient(http1);
  return (variables) => client.request(query, variables);
}
