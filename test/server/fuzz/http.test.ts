import { connect } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HoldfastError } from '../../../src/protocol/errors/holdfast-error.js';
import { startServer, type TestServer, until } from '../support/serving.js';
import { readAnswers } from './support/answers.js';
import { Escapes } from './support/escapes.js';
import { patienceMs, withinPatience } from './support/patience.js';
import { requests } from './support/requests.js';

const messageBytes = 2_000;

/** A connection below every library. */
class Line {
  received: Buffer = Buffer.alloc(0);
  readonly #socket: ReturnType<typeof connect>;

  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.on('data', (chunk: Buffer) => {
      this.received = Buffer.concat([this.received, chunk]);
    });
    this.#socket.on('error', () => {});
  }

  get isOver(): boolean {
    return this.#socket.closed;
  }

  /** In pieces, one each turn. */
  async write(bytes: Buffer, cuts: readonly number[]): Promise<void> {
    const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
    for (const [index, end] of at.slice(1).entries()) {
      this.#socket.write(bytes.subarray(at[index], end));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async leave(isCut: boolean): Promise<void> {
    if (isCut) this.#socket.resetAndDestroy();
    else this.#socket.end();
    await until(() => this.isOver).finally(() => this.#socket.destroy());
  }
}

async function startFuzzed(): Promise<TestServer> {
  return startServer({
    batching: true,
    uploads: true,
    limits: { messageBytes, connectionsPerPrincipal: 1_000 },
  });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof HoldfastError ? error.code : undefined;
}

const cuts = fc.array(fc.nat(5_000), { maxLength: 6 });

test(
  'whatever bytes are sent as requests: what is whole is answered, with a status that says whose fault it is',
  async () => {
    const escapes = new Escapes();
    await using t = await startFuzzed();
    const seen = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(requests, cuts, fc.boolean(), async (sent, at, isCut) => {
        const line = new Line(t.serving.port);
        const methods = sent.map(({ method }) => method);
        const firstHalf = sent.findIndex(({ isWhole }) => !isWhole);
        const firstLasting = sent.findIndex(({ mayLast }) => mayLast);
        const firstUpgrade = sent.findIndex(({ upgrades }) => upgrades);
        // Behind what is not whole anything may be part of it, and behind what lasts nothing is answered; neither is it behind an
        // upgrade that is declined: the connection is closed, or Node 24.9 and later forgets what it has read of it.
        const ends = [firstHalf, firstLasting + 1 || -1, firstUpgrade + 1 || -1, sent.length].filter((end) => end >= 0);
        const answerable = Math.min(...ends);
        try {
          await line.write(Buffer.concat(sent.map(({ bytes }) => bytes)), at);
          await until(() => line.isOver || readAnswers(line.received, methods).length >= answerable);
          if (firstHalf < 0 && firstLasting < 0) {
            await until(() => line.isOver || readAnswers(line.received, methods).every(({ isComplete }) => isComplete));
          }
        } finally {
          await line.leave(isCut);
        }
        const answers = readAnswers(line.received, methods);
        if (answerable > 0 && !isCut) expect(answers.length).toBeGreaterThan(0);
        for (const [index, { status, headers, body, isComplete }] of answers.entries()) {
          seen.set(status, (seen.get(status) ?? 0) + 1);
          const isOurs = (status >= 200 && status < 300) || (status >= 400 && status < 500);
          expect({ status, body, isOurs }).toMatchObject({ isOurs: true });
          const isInTurn = index < answerable && sent.slice(index + 1).every(({ isReadable }) => isReadable);
          const expected = isInTurn ? sent[index]?.status : undefined;
          if (expected !== undefined) expect(status).toBe(expected);
          const isJson = headers.get('content-type')?.includes('json') === true && methods[index] !== 'HEAD';
          if (isJson && isComplete) JSON.parse(Buffer.from(body, 'latin1').toString());
        }
        await until(() => Object.values(t.server.stats()).every((count) => count === 0));
        expect(await escapes.heard()).toEqual([]);
        // Some of the requests are of pages of other origins that ask for a WebSocket: the first few are told of.
        const failures = t.failures.splice(0).map(({ error, source }) => ({ error, source, code: codeOf(error) }));
        expect(failures.filter(({ code }) => code !== 'origin-not-allowed')).toEqual([]);
      }),
      { numRuns: 1_000, ...withinPatience },
    );
    expect([...seen.keys()]).toEqual(expect.arrayContaining([200, 400, 404, 405, 413, 415]));
  },
  patienceMs,
);

test(
  'however the bytes of good requests are cut, their answers are the same',
  async () => {
    await using t = await startFuzzed();
    const post = (body: string, more: string = ''): string =>
      `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${more}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
    const form =
      '--b\r\nContent-Disposition: form-data; name="operations"\r\n\r\n{"query":"{ hello(name: \\"ü\\") }"}\r\n' +
      '--b\r\nContent-Disposition: form-data; name="map"\r\n\r\n{}\r\n--b--\r\n';
    const bytes = Buffer.from(
      [
        post('{"query":"{ hello(name: \\"ü\u{1F980}\\") }"}'),
        `GET /graphql?query=${encodeURIComponent('{ hello }')} HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\n\r\n`,
        post('[{"query":"{ hello }"},{"query":"{ nothing }"}]'),
        `POST /graphql HTTP/1.1\r\nHost: x\r\nGraphQL-Require-Preflight: 1\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${Buffer.byteLength(form)}\r\n\r\n${form}`,
        post('{"query":"subscription { count(to: 2) }"}', 'Accept: text/event-stream\r\n'),
      ].join(''),
    );
    const methods = ['POST', 'GET', 'POST', 'POST', 'POST'];
    const send = async (at: readonly number[]): Promise<unknown> => {
      const line = new Line(t.serving.port);
      const read = () => readAnswers(line.received, methods);
      await line.write(bytes, at);
      await until(() => read().length === methods.length && read().every(({ isComplete }) => isComplete));
      await line.leave(false);
      return read().map(({ status, body }) => ({ status, body: Buffer.from(body, 'latin1').toString() }));
    };
    const whole = await send([]);
    expect(whole).toMatchObject([
      { status: 200, body: '{"data":{"hello":"Hello ü\u{1F980}"}}' },
      { status: 200, body: '{"data":{"hello":"Hello world"}}' },
      { status: 200 },
      { status: 200, body: '{"data":{"hello":"Hello ü"}}' },
      { status: 200, body: expect.stringContaining('event: complete') },
    ]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 40 }), async (at) => {
        expect(await send(at)).toEqual(whole);
      }),
      { numRuns: 100, ...withinPatience },
    );
  },
  patienceMs,
);
