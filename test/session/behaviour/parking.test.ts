// A slow consumer on real sockets: nothing is lost within its buffer; beyond it the subscription is parked, costs no memory
// and nobody else anything, and goes on with a gap where events may be missing.

import { describe, expect, test } from 'vitest';
import { document, live, publish, settled } from './support/live-subscription.js';
import { countOf, nextEvent, open, serve } from './support/sessions.js';
import { dialects } from './support/starting.js';

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

describe.each(dialects)('a slow consumer of a subscription over %s', (dialect) => {
  const stop = dialect === 'graphql-ws' ? 'stop' : 'complete';

  test('loses nothing within its buffer', async () => {
    const all = await live(dialect);
    publish(all, ...numbers(1, 999));
    await settled(all.session);
    for (const n of numbers(1, 999)) expect(await nextEvent(all.subscription)).toMatchObject({ data: { n } });
    expect(countOf(all.server, 'stop')).toBe(0);
  });

  test('with a full buffer has it parked, and started again behind a gap when the buffer has room', async () => {
    const all = await live(dialect, { buffer: { maxEvents: 8 } });
    const other = all.session.subscribe(document);
    publish(all, ...numbers(1, 100));
    await all.server.received(stop);
    expect(all.operation.live).toBe(false);
    // The others on the connection notice nothing.
    all.server.publish({ data: { n: 500 } });
    expect(await nextEvent(other)).toMatchObject({ data: { n: 500 } });
    for (const n of numbers(1, 5)) expect(await nextEvent(all.subscription)).toMatchObject({ data: { n } });
    await settled(all.session);
    expect(countOf(all.server, 'start')).toBe(3);
    expect(await nextEvent(all.subscription)).toMatchObject({ data: { n: 6 } });
    await all.server.until('the subscription again', () => (all.server.subscriptions.length === 2 ? true : undefined));
    all.server.publish({ data: { n: 501 } });
    expect(await nextEvent(all.subscription)).toMatchObject({ data: { n: 7 } });
    expect(await nextEvent(all.subscription)).toMatchObject({ data: { n: 8 } });
    expect(await nextEvent(all.subscription)).toMatchObject({ type: 'gap', gap: { reason: 'parked' } });
    expect(await nextEvent(all.subscription)).toMatchObject({ type: 'data', data: { n: 501 } });
    expect(countOf(all.server, 'stop')).toBe(1);
    expect(all.server.connections).toHaveLength(1);
  });

  test('has it parked by the size of its events as well', async () => {
    const server = await serve(dialect);
    const session = open(server, { buffer: { maxBytes: 1_000 } });
    const subscription = session.subscribe(document);
    await server.received('start');
    server.publish({ data: { n: 'x'.repeat(600) } });
    await settled(session);
    expect(countOf(server, 'stop')).toBe(0);
    server.publish({ data: { n: 'x'.repeat(600) } });
    await server.received(stop);
    expect(await nextEvent(subscription)).toMatchObject({ type: 'data' });
    expect(await nextEvent(subscription)).toMatchObject({ type: 'data' });
    expect(await nextEvent(subscription)).toMatchObject({ type: 'gap', gap: { reason: 'parked' } });
  });

  test('can leave it while it is parked, without another stop', async () => {
    const all = await live(dialect, { buffer: { maxEvents: 2 } });
    publish(all, 1, 2);
    await all.server.received(stop);
    await all.subscription.return?.();
    await settled(all.session);
    expect(countOf(all.server, 'stop')).toBe(1);
    expect(all.session.operations).toBe(0);
  });
});
