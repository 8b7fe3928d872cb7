// Which operation goes which way.

import { describe, expect, test } from 'vitest';
import { OptionError } from '../../../src/protocol/errors/option-error.js';
import { createSession } from '../../../src/session/session.js';
import type { OperationRequest, Route, Transport } from '../../../src/transport/contract.js';
import { type Branch, route } from '../../../src/transport/route/route.js';
import { FakeTransport } from '../../session/support/fake-transport.js';

function named(name: string, lanes?: Transport['lanes']): Transport {
  return { name, open: () => new Promise(() => {}), lanes };
}

function request(kind: OperationRequest['kind'], query: string = `${kind} { a }`): OperationRequest {
  const none = undefined;
  return { kind, query, operationName: none, variables: none, extensions: none, headers: none };
}

/** The name of the first lane that takes it. */
function wayOf({ lanes }: Route, asked: OperationRequest): string | undefined {
  return lanes.find(({ takes }) => takes(asked))?.transport.name;
}

const main = named('main');
const live = named('live');
const isSubscription: Branch['when'] = ({ kind }) => kind === 'subscription';

describe('a route', () => {
  test('sends each operation by the first branch that wants it, and everything else by the main way', () => {
    const reports = { when: ({ query }: OperationRequest) => query.includes('report'), transport: named('reports') };
    const ways = route(main, [reports, { when: isSubscription, transport: live }]);
    expect(wayOf(ways, request('query'))).toBe('main');
    expect(wayOf(ways, request('mutation'))).toBe('main');
    expect(wayOf(ways, request('subscription'))).toBe('live');
    expect(wayOf(ways, request('query', '{ report }'))).toBe('reports');
    expect(wayOf(ways, request('subscription', 'subscription { report }'))).toBe('reports');
  });

  test('has the main way first, which is opened at once, and is called by all its ways', () => {
    const ways = route(main, [{ when: isSubscription, transport: live }]);
    expect(ways.lanes.map(({ transport }) => transport)).toEqual([main, live]);
    expect(ways.name).toBe('main and live');
    expect(route(main, [])).toMatchObject({ name: 'main', lanes: [{ transport: main }] });
  });

  test('keeps the lanes that a transport has of its own, for what goes its way', () => {
    const [calls, streams] = [named('calls'), named('streams')];
    const http = named('http', [
      { transport: calls, takes: ({ kind }) => kind !== 'subscription' },
      { transport: streams, takes: () => true },
    ]);
    const asMain = route(http, [{ when: ({ query }) => query.includes('live'), transport: live }]);
    expect(asMain.lanes.map(({ transport }) => transport)).toEqual([calls, streams, live]);
    expect(wayOf(asMain, request('query'))).toBe('calls');
    expect(wayOf(asMain, request('subscription'))).toBe('streams');
    expect(wayOf(asMain, request('subscription', 'subscription { live }'))).toBe('live');
    const asBranch = route(main, [{ when: ({ query }) => query.includes('web'), transport: http }]);
    expect(asBranch.name).toBe('main and http');
    expect(wayOf(asBranch, request('query'))).toBe('main');
    expect(wayOf(asBranch, request('query', '{ web }'))).toBe('calls');
    expect(wayOf(asBranch, request('subscription', 'subscription { web }'))).toBe('streams');
  });

  test('is not changed by what a program does to its list afterwards', () => {
    const branch: { when: Branch['when']; transport: Transport } = { when: isSubscription, transport: live };
    const branches = [branch];
    const ways = route(main, branches);
    branches.pop();
    branch.when = () => false;
    branch.transport = main;
    expect(wayOf(ways, request('subscription'))).toBe('live');
  });

  test('is asked with the request of the call', async () => {
    const asked: unknown[] = [];
    const ways = route(new FakeTransport(), [
      { when: (given) => asked.push(given) === 0, transport: new FakeTransport() },
    ]);
    const session = createSession({ transport: ways });
    session.execute('query Named { a }', {}, { headers: { tenant: 'a' } }).catch(() => {});
    expect(asked[0]).toMatchObject({ operationName: 'Named', headers: { tenant: 'a' } });
    await session.close({ graceMs: 0 });
  });
});

describe('a route is refused at once', () => {
  test.each<[string, unknown, unknown, string]>([
    ['without a main way', undefined, [], 'main'],
    ['over an address', 'https://example.com', [], 'main'],
    ['over another route', route(main, []), [], 'main'],
    ['without branches', main, undefined, 'branches'],
    ['with a branch that is no object', main, [undefined], 'branches[0].transport'],
    ['with a branch without a transport', main, [{ when: isSubscription }], 'branches[0].transport'],
    [
      'with a branch without a predicate',
      main,
      [{ when: isSubscription, transport: live }, { transport: live }],
      'branches[1].when',
    ],
    ['with an unknown member in a branch', main, [{ when: isSubscription, transport: live, name: 'x' }], 'name'],
  ])('%s', (_what, given, branches, option) => {
    const made = (): Route => route(given as Transport, branches as Branch[]);
    expect(made).toThrow(OptionError);
    expect(made).toThrow(expect.objectContaining({ option }));
  });
});
