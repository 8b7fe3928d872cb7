// The limit over HTTP/2: a session of node:http2 and nothing else. It does not look at how many streams the peer allows, nor
// at how it leaves; a promise for each call, constant text around the variables, JSON.parse.

import { once } from 'node:events';
import { connect } from 'node:http2';
import { bodyOf, dataOf, headers } from './raw.js';

export async function open({ http2 }) {
  const { origin, pathname } = new URL(http2);
  // The windows that Holdfast asks for.
  const session = connect(origin, { settings: { enablePush: false, initialWindowSize: 2 ** 20 } });
  await once(session, 'connect');
  session.setLocalWindowSize(2 ** 24);
  await once(session, 'remoteSettings');
  return (variables) =>
    new Promise((resolve, reject) => {
      const body = bodyOf(variables);
      const length = Buffer.byteLength(body);
      const stream = session.request({ ':method': 'POST', ':path': pathname, 'content-length': length, ...headers });
      const chunks = [];
      stream.on('data', (chunk) => chunks.push(chunk));
      stream.on('end', () => resolve(dataOf(chunks)));
      stream.on('error', reject);
      stream.end(body);
    });
}
