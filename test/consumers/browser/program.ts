// A program for browsers that uses Holdfast from outside. The package checks compile it beside the packed tarball, with the
// types of the platform and none of Node's.

import { connect, HoldfastError } from 'holdfast';
import { viaFetch } from 'holdfast/fetch';
import { ladder, route } from 'holdfast/route';
import { webSocket } from 'holdfast/websocket';

export async function show(where: Element): Promise<void> {
  await using session = await connect({ transport: webSocket('wss://example.com/graphql') });
  try {
    for await (const event of session.subscribe<{ price: number }>('subscription { price }')) {
      where.textContent = event.type === 'gap' ? event.gap.reason : String(event.data?.price);
    }
  } catch (error) {
    if (error instanceof HoldfastError) where.textContent = error.message;
  }
}

export async function ask(form: HTMLFormElement): Promise<void> {
  const address = new URL('/graphql', location.href);
  const [live, http] = [webSocket('wss://example.com/graphql'), viaFetch(address, { credentials: 'include' })];
  const transport = route(http, [{ when: ({ kind }) => kind === 'subscription', transport: ladder([live, http]) }]);
  await using session = await connect({ transport });
  const file = new FormData(form).get('file');
  await session.execute('mutation ($file: Upload!) { save(file: $file) }', { file });
  await using byAddress = await connect(address);
  form.title = String((await byAddress.execute<{ title: string }>('{ title }')).title);
}
