// Requests of HTTP/1.1 as bytes: right ones, wrong ones, and some that are none.

import fc from 'fast-check';

export interface WrittenRequest {
  readonly bytes: Buffer;
  readonly method: string;
  /** It ends where its framing says: an answer must come. */
  readonly isWhole: boolean;
  /** Its answer may go on for ever. */
  readonly mayLast: boolean;
  /** Whatever comes before it is answered first: Node's parser refuses what is none at once. */
  readonly isReadable: boolean;
  /** It asks for another protocol, which takes the connection out of the hands of HTTP. */
  readonly upgrades: boolean;
  /** The only status that fits, where that is plain to see. */
  readonly status: number | undefined;
}

const forever = 'subscription { forever(name: "f") }';
const boundary = 'a-boundary';

const query = fc.constantFrom(
  '{ hello }',
  'query ($name: String) { hello(name: $name) }',
  'mutation { add(amount: 1) }',
  'subscription { count(to: 2) }',
  forever,
  'subscription { throwsAtOnce }',
  '{ nothing }',
  '{ fails }',
  '{',
  '',
);
const member = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom('__proto__', '\ud800', 'x'.repeat(300)));
const operation = fc.record(
  {
    query: fc.oneof({ weight: 8, arbitrary: query }, { weight: 1, arbitrary: member }),
    operationName: member,
    variables: fc.oneof(fc.record({ name: member }), member),
    extensions: fc.oneof(fc.record({ idempotencyKey: member }), member),
  },
  { requiredKeys: ['query'] },
);
const good = fc.record({ query });
const json = fc.oneof(
  { weight: 6, arbitrary: good },
  { weight: 3, arbitrary: operation },
  { weight: 2, arbitrary: fc.array(fc.oneof(good, operation, member), { maxLength: 12 }) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
);

const part = fc.oneof(
  fc
    .oneof(json, good)
    .map((value) => `Content-Disposition: form-data; name="operations"\r\n\r\n${JSON.stringify(value)}`),
  fc
    .oneof(fc.constant({ 0: ['variables.name'] }), fc.jsonValue({ maxDepth: 2 }))
    .map((value) => `Content-Disposition: form-data; name="map"\r\n\r\n${JSON.stringify(value)}`),
  fc.constant('Content-Disposition: form-data; name="0"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nabc'),
  fc.string({ maxLength: 20 }),
);
const form = fc
  .tuple(fc.array(part, { maxLength: 4 }), fc.boolean())
  .map(
    ([parts, isEnded]) =>
      `${parts.map((one) => `--${boundary}\r\n${one}\r\n`).join('')}${isEnded ? `--${boundary}--\r\n` : ''}`,
  );

const body = fc.oneof(
  { weight: 6, arbitrary: json.map((value) => JSON.stringify(value)) },
  { weight: 2, arbitrary: form },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  { weight: 1, arbitrary: fc.constant(JSON.stringify({ query: '{ hello }', filler: 'x'.repeat(3_000) })) },
);

const method = fc.oneof(
  { weight: 8, arbitrary: fc.constant('POST') },
  { weight: 4, arbitrary: fc.constant('GET') },
  {
    weight: 2,
    arbitrary: fc.constantFrom('PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'TRACE', 'QUERY', 'BREW', 'post'),
  },
);
const search = fc.oneof(
  query.map((text) => `?query=${encodeURIComponent(text)}`),
  fc.constantFrom('', '?', '?query=%', '?query=%ff', '?query=a&query=b', '?variables={', '?token=x', '?operationId=x'),
  fc.webQueryParameters().map((text) => `?${text}`),
);
const path = fc.oneof(
  { weight: 8, arbitrary: fc.constant('/graphql') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('/', '//', '/graphql/', '/health', '/ready', '/../graphql', '*', 'http://x/graphql'),
  },
);

const type = fc.oneof(
  { weight: 8, arbitrary: fc.constant('application/json') },
  { weight: 3, arbitrary: fc.constant(`multipart/form-data; boundary=${boundary}`) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'multipart/form-data; boundary=""',
      'application/json; charset=latin1',
      'application/json; charset="utf-8"; ;',
      '',
    ),
  },
);
const accept = fc.oneof(
  fc.constantFrom('*/*', 'application/json', 'application/graphql-response+json', 'text/event-stream', 'text/html'),
  fc.constantFrom('multipart/mixed;subscriptionSpec="1.0"', 'multipart/mixed;deferSpec=20220824', 'image/png', ';q=,"'),
  fc.constantFrom('text/event-stream;q=0, application/json;q=2', `${'a/b,'.repeat(500)}`),
);
const more = fc.array(
  fc.constantFrom(
    'GraphQL-Require-Preflight: 1',
    'Apollo-Require-Preflight: 1',
    'Origin: null',
    'Origin: https://[',
    'Cookie: a=b; c',
    'Idempotency-Key: "a key that is long enough"',
    'Idempotency-Key: x',
    'Content-Encoding: gzip',
    'X-GraphQL-Event-Stream-Token: x',
    'Expect: 100-continue',
    'Expect: a miracle',
    'Set-Cookie: a=b',
    'Range: bytes=0-1',
    'If-None-Match: *',
    'Connection: Upgrade\r\nUpgrade: h2c',
    'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x',
    'Connection: close',
    ': nameless',
    'no colon',
    'Bad\0Header: x',
    `Long: ${'x'.repeat(20_000)}`,
  ),
  { maxLength: 2 },
);

type Framing = 'length' | 'chunked' | 'short' | 'long' | 'garbage' | 'both' | 'none';
const framing: fc.Arbitrary<Framing> = fc.oneof(
  { weight: 10, arbitrary: fc.constant('length') },
  { weight: 4, arbitrary: fc.constant('chunked') },
  { weight: 3, arbitrary: fc.constantFrom<Framing>('short', 'long', 'garbage', 'both', 'none') },
);

function frame(kind: Framing, content: Buffer): { readonly header: string; readonly bytes: Buffer } {
  const { length } = content;
  switch (kind) {
    case 'length':
      return { header: `Content-Length: ${length}\r\n`, bytes: content };
    case 'short':
      return { header: `Content-Length: ${Math.max(0, length - 3)}\r\n`, bytes: content };
    case 'long':
      return { header: `Content-Length: ${length + 100}\r\n`, bytes: content };
    case 'garbage':
      return { header: 'Transfer-Encoding: chunked\r\n', bytes: Buffer.concat([Buffer.from('5;x=y\r\nab'), content]) };
    case 'both':
      return { header: `Transfer-Encoding: chunked\r\nContent-Length: ${length}\r\n`, bytes: content };
    case 'none':
      return { header: '', bytes: content };
    case 'chunked': {
      const half = Math.floor(length / 2);
      const chunks = [content.subarray(0, half), content.subarray(half)].filter((chunk) => chunk.length > 0);
      const written = chunks.map((chunk) =>
        Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]),
      );
      return { header: 'Transfer-Encoding: chunked\r\n', bytes: Buffer.concat([...written, Buffer.from('0\r\n\r\n')]) };
    }
  }
}

const request: fc.Arbitrary<WrittenRequest> = fc
  .record({ method, path, search, type, accept, more, framing, body })
  .map((of) => {
    const hasBody = of.method !== 'GET' && of.method !== 'HEAD';
    const framed = hasBody ? frame(of.framing, Buffer.from(of.body)) : { header: '', bytes: Buffer.alloc(0) };
    const target = of.method === 'GET' || of.search.includes('token') ? of.path + of.search : of.path;
    const headers = [`Content-Type: ${of.type}`, `Accept: ${of.accept}`, ...of.more]
      .map((line) => `${line}\r\n`)
      .join('');
    const head = `${of.method} ${target} HTTP/1.1\r\nHost: x\r\n${headers}${framed.header}\r\n`;
    const isPlain = of.more.length === 0 && of.path === '/graphql' && target === of.path;
    const isWhole = !hasBody || ['length', 'chunked'].includes(of.framing) || (of.framing === 'none' && of.body === '');
    return {
      bytes: Buffer.concat([Buffer.from(head, 'latin1'), framed.bytes]),
      method: of.method,
      isWhole,
      mayLast: `${of.body}${of.search}`.includes('forever'),
      isReadable: isWhole && of.more.length === 0 && ['GET', 'POST', 'PUT', 'DELETE'].includes(of.method),
      upgrades: of.more.some((line) => line.includes('Upgrade')),
      status: isPlain && isWhole && of.method === 'POST' ? statusOfPost(of.type, of.body) : undefined,
    };
  });

/** Undefined where it depends. */
function statusOfPost(contentType: string, content: string): number | undefined {
  if (/^(text\/plain|application\/x-www|application\/json; charset=latin1|$)/.test(contentType)) return 415;
  if (contentType !== 'application/json') return undefined;
  if (content.length > 2_000) return 413;
  try {
    const value: unknown = JSON.parse(content);
    return typeof value !== 'object' || value === null ? 400 : undefined;
  } catch {
    return 400;
  }
}

/** One after the other on one connection. No client asks for another protocol while it waits for an answer. */
export const requests: fc.Arbitrary<WrittenRequest[]> = fc
  .array(request, { minLength: 1, maxLength: 3 })
  .map((all) => all.filter(({ upgrades }, index) => index === 0 || !upgrades));
