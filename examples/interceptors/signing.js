// Signs every send: document, variables and time, under a secret that the server shares.

import { createHmac } from 'node:crypto';
import { JsonText, mapRequest } from 'holdfast';

/** An interceptor of attempts: a retry is signed anew. What else is in the extensions stays there. */
export function signing(secret) {
  return mapRequest((request) => {
    const signedAt = Date.now();
    const signed = `${signedAt}\n${request.query}\n${request.variables?.text ?? ''}`;
    // The server computes it as well, and compares.
    const signature = createHmac('sha256', secret).update(signed).digest('hex');
    return { ...request, extensions: JsonText.of({ ...request.extensions?.value, signature, signedAt }) };
  });
}
