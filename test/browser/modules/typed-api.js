// The API of a schema in a page: opened by the schema that the server tells, with no package beside it.

import { openApi } from 'holdfast/schema';
import { webSocket } from 'holdfast/websocket';

export async function run({ url }, host) {
  const api = await openApi({ transport: webSocket(url) });
  const events = [];
  const numbers = api.subscription.numbers();
  await host.publish(7);
  for await (const event of numbers) {
    events.push(event);
    break;
  }
  const told = {
    roots: [Object.keys(api.query), Object.keys(api.mutation), Object.keys(api.subscription)],
    query: await api.query.echo({ text: 'grüß dich' }),
    several: await api.query({ 'one: echo': { $args: { text: '1' } }, 'two: echo': { $args: { text: '2' } } }),
    mutation: await api.mutation.add({ key: 'one' }),
    events,
    refused: await api.query.echo({ txet: 'x' }).catch(({ name, path, message }) => ({ name, path, message })),
  };
  await api.close();
  return told;
}
