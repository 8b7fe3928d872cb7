import { describe, expect, onTestFinished, test } from 'vitest';
import type { Execution } from '../../../src/protocol/executor.js';
import { createFetchHandler } from '../../../src/server/adapters/fetch/index.js';
import { createServer } from '../../../src/server/index.js';
import { errorsOf } from '../support/plain.js';
import { makeSchema, Probe } from '../support/schema.js';
import { startServer, until } from '../support/serving.js';
import { makeEndpoint } from './support.js';

const hello = { query: '{ hello }' };

describe('a list of operations', () => {
  test('is refused where it is not asked for, with the option that would allow it', async () => {
    const { ask, ran } = makeEndpoint();
    const response = await ask({ body: [hello] });
    expect([response.status, errorsOf(response)]).toEqual([
      400,
      [{ message: expect.stringContaining('"batching"'), extensions: { code: 'BATCHING_DISABLED' } }],
    ]);
    expect(ran).toEqual([]);
  });

  test('is answered in its order, each with a context of its own, whoever is ready first', async () => {
    await using t = await startServer({ batching: true });
    const answer = fetch(t.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([
        { query: '{ slow(gate: "g") }' },
        { query: '{ context }' },
        { query: '{ nothing }' },
        { query: 'mutation { add(amount: 1) }' },
      ]),
    });
    // The last one runs while the first one waits.
    await until(() => t.probe.began.includes('add'));
    t.probe.open('g');
    const response = await answer;
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    expect(await response.json()).toEqual([
      { data: { slow: 'after g' } },
      { data: { context: 'seen' } },
      { errors: [expect.objectContaining({ message: expect.stringContaining('nothing') })] },
      { data: { add: 1 } },
    ]);
    expect(new Set(t.probe.contexts).size).toBe(2);
    expect(t.server.stats().operations).toBe(0);
  });

  test('may have as many as the option says, and not one more', async () => {
    for (const [batching, size] of [
      [true, 10],
      [3, 3],
    ] as const) {
      const { ask, ran } = makeEndpoint(undefined, { batching });
      expect((await ask({ body: Array(size).fill(hello) })).status).toBe(200);
      expect(ran).toHaveLength(size);
      const response = await ask({ body: Array(size + 1).fill(hello) });
      expect([response.status, errorsOf(response)[0]]).toEqual([
        400,
        { message: expect.stringContaining('"batching"'), extensions: { code: 'LIMIT_EXCEEDED' } },
      ]);
      expect(ran).toHaveLength(size);
    }
  });

  test('as long as may be makes no listeners too many for Node, under a runtime of fetch either', async () => {
    const warnings: string[] = [];
    const note = ({ message }: Error): void => void warnings.push(message);
    process.on('warning', note);
    onTestFinished(() => void process.off('warning', note));
    const answer = createFetchHandler(createServer({ schema: makeSchema(new Probe()), batching: true }));
    const response = await answer(
      new Request('http://127.0.0.1/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(Array(10).fill(hello)),
      }),
    );
    expect(await response.json()).toHaveLength(10);
    // Told in a turn of its own.
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings).toEqual([]);
    await answer.close();
  });

  test.each([
    ['that is empty', []],
    ['with a number in it', [hello, 5]],
    ['with a list in it', [hello, [hello]]],
    ['with null in it', [null]],
    ['with an item that has no query', [hello, {}]],
    ['with an item whose variables are a list', [{ ...hello, variables: [] }]],
  ])('%s is refused as a whole', async (_, body) => {
    const { ask, ran } = makeEndpoint(undefined, { batching: true });
    const response = await ask({ body });
    expect([response.status, errorsOf(response)[0]?.extensions]).toEqual([400, { code: 'BAD_REQUEST' }]);
    expect(ran).toEqual([]);
  });

  test('is refused where a stream is wanted', async () => {
    const { ask, ran } = makeEndpoint(undefined, { batching: true });
    const response = await ask({ body: [hello], headers: { accept: 'text/event-stream' } });
    expect(response.status).toBe(400);
    expect(ran).toEqual([]);
  });

  test('cannot hold a subscription: that one is refused, the others run', async () => {
    await using t = await startServer({ batching: true });
    const response = await fetch(t.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: JSON.stringify([{ query: 'subscription { count(to: 1) }' }, hello]),
    });
    expect(await response.json()).toEqual([
      { errors: [{ message: expect.stringMatching(/./), extensions: { code: 'SUBSCRIPTION_NEEDS_STREAM' } }] },
      { data: { hello: 'Hello world' } },
    ]);
    expect(t.probe.began).toEqual(['hello']);
  });

  test('has no key of idempotency for all of them', async () => {
    const { ask, ran } = makeEndpoint(undefined, { batching: true });
    const response = await ask({ body: [hello], headers: { 'idempotency-key': 'k' } });
    expect([response.status, errorsOf(response)[0]?.message]).toEqual([
      400,
      expect.stringContaining('extensions.idempotencyKey'),
    ]);
    expect(ran).toEqual([]);
  });

  test('with an answer that is no JSON spoils that one alone', async () => {
    const answers: Execution[] = [1n, 1].map((value) => ({ kind: 'result', result: { data: { value } as never } }));
    const { ask } = makeEndpoint(() => answers.shift() as Execution, { batching: true });
    const response = await ask({ body: [hello, hello] });
    expect(JSON.parse(String(response.body))).toEqual([
      { errors: [{ message: 'The answer could not be serialised as JSON.' }] },
      { data: { value: 1 } },
    ]);
  });

  test('by a safe method changes nothing', async () => {
    const { ask, ran } = makeEndpoint(undefined, { batching: true });
    await ask({ method: 'QUERY', body: [hello] });
    expect(ran[0]?.options?.kinds).toEqual(['query']);
  });
});
