// What a program does with queries and mutations, over HTTP, with real servers: the same table for every server and for every
// way of reaching it.

import { describe, expect, test } from 'vitest';
import { CancelledError } from '../../../src/session/errors/cancelled-error.js';
import { GraphQLResultError } from '../../../src/session/errors/graphql-result-error.js';
import { rejection } from '../../session/behaviour/support/sessions.js';
import { eventually } from '../../testing/eventually.js';
import { apollo, graphqlHttp, mercuriusOn, ours, startPeer, yoga } from './support/peers.js';
import { open, ways } from './support/ways.js';

const servers = [
  ['GraphQL Yoga', yoga],
  ['graphql-http', graphqlHttp],
  ['Apollo Server', apollo],
  ['Mercurius', mercuriusOn],
  ['our own server', ours],
] as const;

const table = servers.flatMap(([server, start]) => ways.map(([name, way]) => ({ server, start, name, way })));

const hello = 'query Hello($name: String) { hello(name: $name) }';
const add = 'mutation Add($key: String!) { add(key: $key) }';

describe.each(table)('$server over $name', ({ server, start, way }) => {
  test('answers queries, with variables of every kind and any letters', async () => {
    const { url } = await startPeer(start);
    const session = open(way(url));
    expect(await session.execute('{ hello }')).toEqual({ hello: 'Hello world' });
    const name = 'Zoë 木村 🦦 \u0000 "quoted" \\ \u2028 &=+%20#';
    expect(await session.execute(hello, { name })).toEqual({ hello: `Hello ${name}` });
    expect(await session.execute(hello, { name: null })).toEqual({ hello: 'Hello world' });
    const of = [{ name: 'a', times: 2 }, { name: 'b' }];
    expect(await session.execute('query ($of: [Item!]!) { list(of: $of) }', { of })).toEqual({
      list: ['a', 'a', 'b'],
    });
    const two = 'query One { hello(name: "one") } query Two { hello(name: "two") }';
    expect(await session.execute(two, {}, { operationName: 'Two' })).toEqual({ hello: 'Hello two' });
  });

  test('runs each mutation once, in the order in which a program awaits them', async () => {
    const { url, app } = await startPeer(start);
    const session = open(way(url));
    for (const key of ['a', 'b', 'c']) await session.execute(add, { key });
    await Promise.all(['d', 'e', 'f'].map((key) => session.execute(add, { key })));
    expect(app.ran.slice(0, 3)).toEqual(['a', 'b', 'c']);
    expect(app.ran.toSorted()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(app.asked.map(({ method }) => method)).toEqual(Array(6).fill('POST'));
  });

  test('answers a hundred calls at once, each with its own', async () => {
    const { url } = await startPeer(start);
    const session = open(way(url));
    const names = Array.from({ length: 100 }, (_, n) => `n${n}`);
    const answers = await Promise.all(names.map((name) => session.execute(hello, { name })));
    expect(answers).toEqual(names.map((name) => ({ hello: `Hello ${name}` })));
  });

  test('answers with a megabyte, and takes a large question', async () => {
    const { url } = await startPeer(start);
    const session = open(way(url));
    const { large } = await session.execute<{ large: string }>('{ large(bytes: 1000000) }');
    expect(large.length).toBe(1_000_000);
    const name = 'ß'.repeat(20_000);
    expect(await session.execute(hello, { name })).toEqual({ hello: `Hello ${name}` });
  });

  test('gives the errors of a field beside the rest of the data', async () => {
    const { url } = await startPeer(start);
    const session = open(way(url));
    const answer = await session.result('{ hello fails }');
    expect(answer).toMatchObject({
      data: { hello: 'Hello world', fails: null },
      errors: [{ message: 'Sold out', path: ['fails'], extensions: { code: 'SOLD_OUT' } }],
      meta: { status: 200, attempts: 1 },
    });
    const error = await rejection(session.execute('{ hello fails }'), GraphQLResultError);
    expect(error.data).toEqual({ hello: 'Hello world', fails: null });
    const lost = await session.result('{ mustNotFail }');
    expect(lost).toMatchObject({ data: null, errors: [{ message: 'All is lost' }] });
  });

  test('gives the errors of a document or variables that the server refuses, whatever the status', async () => {
    const { url } = await startPeer(start);
    const session = open(way(url));
    const refused = [
      ['{ doesNotExist }', {}],
      ['query ($of: [Item!]!) { list(of: $of) }', { of: [{ nome: 'a' }] }],
      ['{ hello(nome: "a") }', {}],
    ] as const;
    for (const [document, variables] of refused) {
      const error = await rejection(session.execute(document, variables), GraphQLResultError);
      expect(error).toMatchObject({ delivery: 'answered', attempts: 1 });
      expect(error.errors[0]?.message).toMatch(/doesNotExist|nome/);
    }
    expect(await session.execute('{ hello }')).toEqual({ hello: 'Hello world' });
  });

  test('is asked for the media type of GraphQL, and its status and headers are told', async () => {
    const { url } = await startPeer(start);
    const session = open(way(url));
    const { meta } = await session.result('{ hello }');
    expect(meta.status).toBe(200);
    // Mercurius knows only the type of old.
    expect(meta.headers?.['content-type']).toMatch(
      server === 'Mercurius' ? /^application\/json/ : /^application\/graphql-response\+json/,
    );
    const invalid = await session.result('{ doesNotExist }');
    expect(invalid).toMatchObject({ meta: { status: 400 } });
  });

  test('is sent the headers of the call, over those of the session', async () => {
    const { url } = await startPeer(start);
    const session = open(way(url), { credentials: { headers: { 'X-Tenant': 'session' } } });
    const tenant = '{ header(name: "x-tenant") }';
    expect(await session.execute(tenant)).toEqual({ header: 'session' });
    expect(await session.execute(tenant, {}, { headers: { 'x-tenant': 'call' } })).toEqual({ header: 'call' });
    expect(await session.execute(tenant)).toEqual({ header: 'session' });
  });

  test('lets a call be aborted while others go on', async () => {
    const { url, app } = await startPeer(start);
    const session = open(way(url));
    const controller = new AbortController();
    const aborted = session.execute('{ slow(gate: "a") }', {}, { signal: controller.signal });
    const other = session.execute('{ slow(gate: "b") }');
    const rejected = rejection(aborted, CancelledError);
    await eventually(() => app.began.toSorted(), ['a', 'b']);
    controller.abort();
    expect(await rejected).toMatchObject({ delivery: 'unknown', attempts: 1 });
    app.open('a');
    app.open('b');
    expect(await other).toEqual({ slow: 'after b' });
    expect(await session.execute('{ hello }')).toEqual({ hello: 'Hello world' });
  });

  test('that refuses old credentials is given new ones, once, however many calls it refuses', async () => {
    const { url, app } = await startPeer(start);
    app.token = 'first';
    const asked: string[] = [];
    const session = open(way(url), {
      credentials: ({ reason }) => {
        asked.push(reason);
        return { headers: { authorization: `Bearer ${asked.length === 1 ? 'first' : 'second'}` } };
      },
    });
    expect(await session.execute('{ hello }')).toEqual({ hello: 'Hello world' });
    app.token = 'second';
    const keys = [...'abcdefgh'];
    // GraphQL Yoga and Apollo Server say it in a GraphQL answer without data, the others without GraphQL.
    await Promise.all(keys.map((key) => session.execute(add, { key })));
    expect(app.ran.toSorted()).toEqual(keys);
    expect(asked).toEqual(['open', 'refused']);
  });

  test('answers queries by GET, which only then are in the address, and mutations by POST', async () => {
    const { url, app } = await startPeer(start);
    const session = open(way(url, { queryMethod: 'GET' }));
    const name = 'Zoë & 木村';
    expect(await session.execute(hello, { name })).toEqual({ hello: `Hello ${name}` });
    await session.execute(add, { key: 'a' });
    expect(await session.execute(hello, { name: 'x'.repeat(4_000) })).toMatchObject({ hello: /^Hello x/ });
    expect(app.asked.map(({ method }) => method)).toEqual(['GET', 'POST', 'POST']);
    expect(app.asked.map(({ url }) => /variables|query/.test(url))).toEqual([true, false, false]);
  });

  test('is found again after a restart in the middle: queries are answered, no mutation runs twice', async () => {
    const peer = await startPeer(start);
    const session = open(way(peer.url));
    const mutations = new Map<string, Promise<unknown>>();
    const queries: Promise<unknown>[] = [];
    const call = (wave: string): void => {
      for (let n = 0; n < 20; n++) {
        const key = `${wave}${n}`;
        const mutation = session.execute(add, { key });
        mutation.catch(() => {});
        mutations.set(key, mutation);
        queries.push(session.execute(hello, { name: key }, { retry: { attempts: 100, delayMs: () => 5 } }));
      }
    };
    const held = session.execute('mutation { addSlowly(key: "held", gate: "gate") }').catch(({ code }) => code);
    await eventually(() => peer.app.ran, ['held']);
    call('before');
    const stopped = peer.stop();
    // Some servers answer first, the others are gone by now.
    peer.app.open('gate');
    call('during');
    await stopped;
    call('away');
    await peer.start();
    call('after');
    for (const [index, key] of [...mutations.keys()].entries()) {
      expect(await queries[index]).toEqual({ hello: `Hello ${key}` });
    }
    expect(['outcome-unknown', { addSlowly: 1 }]).toContainEqual(await held);
    expect(peer.app.ran.filter((ran) => ran === 'held')).toHaveLength(1);
    for (const [key, mutation] of mutations) {
      const outcome = await mutation.then(
        () => 'answered',
        ({ code }) => code,
      );
      const times = peer.app.ran.filter((ran) => ran === key).length;
      if (outcome === 'answered') expect([key, times]).toEqual([key, 1]);
      else {
        expect([key, outcome]).toEqual([key, 'outcome-unknown']);
        expect(times).toBeLessThanOrEqual(1);
      }
      // Those of a time when the way to the server was certain are answered.
      if (key.startsWith('after')) expect([key, outcome]).toEqual([key, 'answered']);
    }
  });
});

test('Apollo Server, which refuses what a page could send by itself, takes our GET', async () => {
  const { url } = await startPeer(apollo);
  const simple = await fetch(`${url}?query=${encodeURIComponent('{ hello }')}`, { headers: { accept: '*/*' } });
  expect(simple.status).toBe(400);
  for (const [, way] of ways) {
    expect(await open(way(url, { queryMethod: 'GET' })).execute('{ hello }')).toEqual({ hello: 'Hello world' });
  }
});
