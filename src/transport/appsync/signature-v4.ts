// Signature Version 4 of AWS for requests whose body is a text, on the platform's own cryptography: "Create a signed AWS API
// request" in the AWS Identity and Access Management User Guide.

import { OpenError } from '../open-error.js';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials. */
  readonly sessionToken?: string | undefined;
}

export interface SignableRequest {
  readonly method: string;
  readonly url: URL;
  /** Those that are signed along, besides the host's and the signature's own. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface SigningScope {
  readonly credentials: AwsCredentials;
  readonly region: string;
  readonly service: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const algorithm = 'AWS4-HMAC-SHA256';
const encoder = new TextEncoder();

/** The headers that the signature adds, under the names that AWS writes them with. */
export async function signatureV4(
  request: SignableRequest,
  { credentials, region, service, now }: SigningScope,
): Promise<Record<string, string>> {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const time = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
  const day = time.slice(0, 8);
  const added = { 'x-amz-date': time, ...(sessionToken === undefined ? {} : { 'X-Amz-Security-Token': sessionToken }) };
  const { signedNames, text } = await canonicalRequest(request, added);
  const scope = `${day}/${region}/${service}/aws4_request`;
  let key = encoder.encode(`AWS4${secretAccessKey}`);
  for (const part of [day, region, service, 'aws4_request']) key = await hmac(key, part);
  const signature = hex(await hmac(key, [algorithm, time, scope, await sha256(text)].join('\n')));
  const authorization = `${algorithm} Credential=${accessKeyId}/${scope}, SignedHeaders=${signedNames}, Signature=${signature}`;
  return { ...added, Authorization: authorization };
}

async function canonicalRequest(
  { method, url, headers, body }: SignableRequest,
  added: Readonly<Record<string, string>>,
): Promise<{ readonly signedNames: string; readonly text: string }> {
  const signed = Object.entries({ ...headers, host: url.host, ...added })
    .map(([name, value]): Pair => [name.toLowerCase(), value.trim().replace(/\s+/g, ' ')])
    .sort(byName);
  const signedNames = signed.map(([name]) => name).join(';');
  const lines = signed.map(([name, value]) => `${name}:${value}\n`).join('');
  const query = [...url.searchParams]
    .map(([name, value]): Pair => [encoded(name), encoded(value)])
    .sort(byName)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  // The path of the address is encoded already, and all services but S3 sign it encoded twice.
  const path = url.pathname.split('/').map(encoded).join('/');
  return { signedNames, text: [method, path, query, lines, signedNames, await sha256(body)].join('\n') };
}

type Pair = readonly [name: string, value: string];

function byName(one: Pair, other: Pair): number {
  if (one[0] !== other[0]) return one[0] < other[0] ? -1 : 1;
  return one[1] < other[1] ? -1 : 1;
}

/** RFC 3986: everything but the unreserved characters. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}

async function sha256(text: string): Promise<string> {
  return hex(new Uint8Array(await subtle().digest('SHA-256', encoder.encode(text))));
}

async function hmac(key: Uint8Array<ArrayBuffer>, text: string): Promise<Uint8Array<ArrayBuffer>> {
  const hash = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await subtle().importKey('raw', key, hash, false, ['sign']);
  return new Uint8Array(await subtle().sign('HMAC', imported, encoder.encode(text)));
}

/** Browsers have it on secure origins only. */
function subtle(): SubtleCrypto {
  const { crypto } = globalThis as { readonly crypto?: { readonly subtle?: SubtleCrypto } };
  if (crypto?.subtle !== undefined) return crypto.subtle;
  const message =
    'A request cannot be signed: this platform has no crypto.subtle. Browsers have it on https: and on localhost only.';
  throw new OpenError({ code: 'bad-option', phase: 'prepare', message });
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
