// Holdfast over the platform's fetch, as its guide shows it.

import { connect } from 'holdfast';
import { viaFetch } from 'holdfast/fetch';
import { query } from '../question.js';

export async function open({ http1 }) {
  const session = await connect({ transport: viaFetch(http1) });
  return (variables) => session.execute(query, variables);
}
