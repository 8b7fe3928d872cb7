// Persisted queries over the legacy subprotocol: with a server of subscriptions-transport-ws whose hook finds the documents, and
// without it.

import { describe, expect, test } from 'vitest';
import { documentById } from '../../../../src/protocol/document.js';
import { automaticPersistedQueries } from '../../../../src/session/persisted/automatic.js';
import { until } from '../../../session/behaviour/support/waiting.js';
import { DocumentStore, type Sent } from '../../support/document-store.js';
import { nextOf, ourClient } from '../support/our-client.js';
import { type TheirServer, theirServer } from '../support/their-server.js';

const query = 'query Echo { echo(text: "a") }';
const mutation = 'mutation Add { add(key: "k") }';
const subscription = 'subscription Numbers { numbers }';

const call = [automaticPersistedQueries({ operations: ['query', 'mutation', 'subscription'] })];

function startWithStore(store: DocumentStore): Promise<TheirServer> {
  return theirServer({
    onOperation: async ({ payload }: { readonly payload: Sent }, params: { query: string }) => {
      const found = store.find(payload);
      if (typeof found !== 'string') throw { errors: [found] };
      params.query = found;
      return params;
    },
  });
}

describe('persisted queries over the legacy subprotocol', () => {
  test('send the text of each document once to a server that does them, and mutations run once', async () => {
    const store = new DocumentStore();
    const server = await startWithStore(store);
    const session = ourClient(server, { interceptors: { call } });
    for (let n = 0; n < 2; n++) expect(await session.execute(query)).toEqual({ echo: 'a' });
    expect(await session.execute(mutation)).toEqual({ add: 1 });
    const events = session.subscribe(subscription);
    await until(() => server.world.subscribers === 1);
    server.world.publish(7);
    expect(await nextOf(events)).toEqual({ numbers: 7 });
    expect(store.received).toEqual(['hash', 'hash and text', 'hash', 'hash', 'hash and text', 'hash', 'hash and text']);
    expect(server.world.journal).toEqual(['k']);
  });

  test('fall back to texts where the server knows nothing of them, and mutations run once', async () => {
    const server = await theirServer();
    const session = ourClient(server, { interceptors: { call } });
    for (let n = 0; n < 2; n++) expect(await session.execute(query)).toEqual({ echo: 'a' });
    expect(await session.execute(mutation)).toEqual({ add: 1 });
    const events = session.subscribe(subscription);
    await until(() => server.world.subscribers === 1);
    server.world.publish(7);
    expect(await nextOf(events)).toEqual({ numbers: 7 });
    expect(server.count('start')).toBe(7);
    expect(server.world.journal).toEqual(['k']);
  });

  test('leave a document that is run by its id alone as it is', async () => {
    const store = new DocumentStore({ 'echo-1': query });
    const session = ourClient(await startWithStore(store), { interceptors: { call } });
    expect(await session.execute(documentById('echo-1', { kind: 'query' }))).toEqual({ echo: 'a' });
    expect(store.received).toEqual(['echo-1']);
  });
});
