// The client of urql over the platform's fetch, without its cache.

import { Client, fetchExchange } from '@urql/core';
import { query } from '../question.js';

export function open({ http1 }) {
  const client = new Client({
    url: http1,
    exchanges: [fetchExchange],
    requestPolicy: 'network-only',
    preferGetMethod: false,
  });
  return async (variables) => {
    const { data, error } = await client.query(query, variables).toPromise();
    if (error !== undefined) throw error;
    return data;
  };
}
