// Signature Version 4 a second time, in the words of the AWS documents and on node:crypto, to compare with.

import { createHash, createHmac } from 'node:crypto';

export interface Signed {
  readonly method: string;
  readonly path: string;
  readonly query?: string;
  /** Everything that is signed, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly secretAccessKey: string;
  readonly region: string;
  readonly service: string;
}

/** In hexadecimal. The time is that of the header `x-amz-date`. */
export function referenceSignature(signed: Signed): string {
  const { method, path, query = '', headers, body, secretAccessKey, region, service } = signed;
  const names = Object.keys(headers).sort();
  const canonical = [
    method,
    path,
    query,
    ...names.map((name) => `${name}:${headers[name]}`),
    '',
    names.join(';'),
    sha256(body),
  ].join('\n');
  const time = headers['x-amz-date'] ?? '';
  const day = time.slice(0, 8);
  const scope = `${day}/${region}/${service}/aws4_request`;
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    `AWS4${secretAccessKey}`,
  );
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  return createHmac('sha256', key).update(text).digest('hex');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
