// Holdfast over one connection of HTTP/2, as its guide shows it.

import { connect } from 'holdfast';
import { http2 as viaHttp2 } from 'holdfast/http2';
import { query } from '../question.js';

export async function open({ http2 }) {
  const session = await connect({ transport: viaHttp2(http2) });
  return (variables) => session.execute(query, variables);
}
