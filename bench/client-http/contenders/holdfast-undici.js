// Holdfast over undici, as its guide shows it.

import { connect } from 'holdfast';
import { undici } from 'holdfast/undici';
import { query } from '../question.js';

export async function open({ http1 }) {
  const session = await connect({ transport: undici(http1) });
  return (variables) => session.execute(query, variables);
}
