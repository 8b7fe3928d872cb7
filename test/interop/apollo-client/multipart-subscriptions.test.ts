// Subscriptions of Apollo Client's HttpLink, which asks for `multipart/mixed;subscriptionSpec=1.0`, on our HTTP endpoint.

import { type ApolloClient, HttpLink } from '@apollo/client';
import { CombinedGraphQLErrors, CombinedProtocolErrors } from '@apollo/client/errors';
import { RetryLink } from '@apollo/client/link/retry';
import { describe, expect, test } from 'vitest';
import type { ServerOptions } from '../../../src/server/index.js';
import type { ServerWorld } from '../../../src/server/server.js';
import { ManualTimers } from '../../server/support/manual-timers.js';
import { until } from '../../session/behaviour/support/waiting.js';
import { startOurServer } from '../graphql-ws/support/our-server.js';
import { startMovingServer } from '../server/support/moving-server.js';
import { type SeenFetch, seenFetch } from '../server/support/seen-fetch.js';
import { startApollo, watch } from './support/apollo.js';

function overHttp(uri: string): Pick<SeenFetch, 'sent'> & { readonly apollo: ApolloClient } {
  const { fetch, sent } = seenFetch();
  return { sent, apollo: startApollo(new HttpLink({ uri, fetch })) };
}

async function start(options: Partial<ServerOptions> = {}, world: ServerWorld = {}) {
  const t = await startOurServer(options, world);
  return { ...t, ...overHttp(t.url) };
}

describe("a subscription over Apollo Client's HttpLink", () => {
  test('has every event in its order, and its end', async () => {
    const { apollo, sent, server } = await start();
    const { results, ended } = watch(apollo, 'subscription ($to: Int!) { count(to: $to) }', { to: 100 });
    expect(await ended).toBe('complete');
    expect(results).toEqual(Array.from({ length: 100 }, (_, i) => ({ data: { count: i + 1 }, error: undefined })));
    expect(sent[0]?.answer?.contentType).toBe('multipart/mixed; boundary=graphql; subscriptionSpec=1.0');
    await until(() => server.stats().operations === 0 && server.stats().sources === 0);
  });

  test('has an event before the next one happens', async () => {
    const { apollo, probe } = await start();
    const { results, ended } = watch(apollo, 'subscription { gated(gate: "g") }');
    await until(() => results.length === 1);
    probe.open('g');
    expect(await ended).toBe('complete');
    expect(results.map(({ data }) => data)).toEqual([{ gated: 1 }, { gated: 2 }]);
  });

  test('hears nothing of the signs of life in between', async () => {
    const timers = new ManualTimers();
    const { apollo, probe } = await start({ keepAliveMs: 1_000 }, { timers });
    const { results, ended } = watch(apollo, 'subscription { gated(gate: "g") }');
    await until(() => results.length === 1);
    for (let second = 0; second < 5; second++) timers.advance(1_000);
    probe.open('g');
    expect(await ended).toBe('complete');
    expect(results).toHaveLength(2);
  });

  test('that is left closes its source', async () => {
    const { apollo, probe, server } = await start();
    const watched = watch(apollo, 'subscription { forever(name: "f") }');
    await until(() => watched.results.length === 1);
    watched.stop();
    await until(() => probe.finalised.includes('f') && server.stats().operations === 0);
  });

  test('has the errors of one event beside its data, and goes on', async () => {
    const { apollo } = await start();
    const { results, ended } = watch(apollo, 'subscription { oneBadEvent }');
    expect(await ended).toBe('complete');
    expect(results).toHaveLength(3);
    expect(results[1]?.error).toBeInstanceOf(CombinedGraphQLErrors);
    expect(results[1]?.error).toMatchObject({ errors: [{ message: 'Bad event' }] });
    expect(results[2]).toEqual({ data: { oneBadEvent: 3 }, error: undefined });
  });

  test('whose source fails ends after its events with an error of the protocol, masked outside development', async () => {
    const { apollo } = await start({ development: false });
    const { results } = watch(apollo, 'subscription { throwsAfterTwo }');
    await until(() => results.length === 3);
    expect(results.slice(0, 2).map(({ data }) => data)).toEqual([{ throwsAfterTwo: 1 }, { throwsAfterTwo: 2 }]);
    expect(results[2]?.error).toBeInstanceOf(CombinedProtocolErrors);
    expect(results[2]?.error).toMatchObject({ errors: [{ message: 'Internal server error' }] });
  });

  test('that cannot run has the errors of the answer with status 400', async () => {
    const { apollo, sent } = await start();
    const { results } = watch(apollo, 'subscription { nothing }');
    await until(() => results.length === 1);
    expect(results[0]?.error).toMatchObject({ errors: [{ message: expect.stringContaining('"nothing"') }] });
    expect(sent[0]?.answer?.status).toBe(400);
  });

  test('never takes a drain for its end: it fails, and with a RetryLink it goes on with another server', async () => {
    const moving = await startMovingServer();
    const plain = watch(overHttp(moving.url).apollo, 'subscription { forever(name: "plain") }');
    const { fetch } = seenFetch();
    const link = new RetryLink({ delay: { initial: 1, max: 10 }, attempts: { max: 100 } });
    const retrying = startApollo(link.concat(new HttpLink({ uri: moving.url, fetch })));
    const healed = watch(retrying, 'subscription { forever(name: "healed") }');
    await until(() => plain.results.length === 1 && healed.results.length === 1);
    await moving.leave();
    await until(() => healed.results.length === 2);
    expect(healed.results.map(({ data }) => data)).toEqual([{ forever: 1 }, { forever: 1 }]);
    await until(() => plain.results.length === 2);
    expect(plain.results[1]?.error).toMatchObject({ message: 'premature end of multipart body' });
    expect(moving.old.server.stats()).toMatchObject({ operations: 0, sources: 0 });
    expect(moving.next.server.stats()).toMatchObject({ sources: 1 });
  });
});
