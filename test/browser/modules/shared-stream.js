// So many subscriptions at once, and where it is wanted a query beside them, over the browser's fetch or the default route.

import { connect } from 'holdfast';
import { viaFetch } from 'holdfast/fetch';
import { endpoint } from 'holdfast/route';

const ways = { viaFetch, endpoint };

export async function run({ url, way, count, options, query }, host) {
  const session = await connect({
    transport: ways[way](url, options),
    retry: { connect: { delayMs: () => 5 }, subscribe: { delayMs: () => 5 } },
  });
  const text = 'subscription ($name: String!) { ticks(name: $name) }';
  const all = Array.from({ length: count }, (_, n) => session.subscribe(text, { name: String(n) }));
  const first = Promise.all(all.map(seenBy));
  await host.subscribed();
  const answer = query === undefined ? undefined : await session.execute(query);
  await host.tick(1);
  const events = await first;
  await Promise.all(all.slice(1).map((subscription) => subscription.return()));
  await host.left();
  const second = seenBy(all[0]);
  await host.tick(2);
  events.push(await second);
  await session.close();
  return { events, answer };
}

async function seenBy(subscription) {
  const { value } = await subscription.next();
  return value.type === 'data' ? value.data.ticks : value.type;
}
