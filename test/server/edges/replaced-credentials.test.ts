// Of credentials that a client brings one after the other the last count: what is found out about earlier ones, or fails for
// them, concerns nobody.

import { expect, test } from 'vitest';
import { RawClient } from '../support/client.js';
import { startServer } from '../support/serving.js';

const auth = (token: string): object => ({ type: 'ping', payload: { holdfast: { auth: { token } } } });

test.each(['fails', 'is another one'])(
  'a principal that %s for credentials that were replaced ends nothing',
  async (how) => {
    let release = (): void => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await using t = await startServer({
      onConnect: () => {},
      principal: async ({ connectionParams }) => {
        if (connectionParams?.token !== 'old') return 'me';
        await released;
        if (how === 'fails') throw new Error('Nobody has that name');
        return 'somebody else';
      },
    });
    const client = await RawClient.accepted(t.ws);
    client.send(auth('old'));
    // The hook has accepted them, and their principal is being asked for.
    client.send({ type: 'ping', payload: { first: true } });
    expect((await client.next('pong')).payload).toEqual({ first: true });
    client.send(auth('new'));
    expect((await client.next('pong')).payload).toEqual({ holdfast: { auth: true } });
    release();
    expect(await client.settled()).toEqual([]);
    client.send({ type: 'subscribe', id: '1', payload: { query: '{ hello }' } });
    await client.next('next');
    expect(t.failures).toEqual([]);
  },
);
