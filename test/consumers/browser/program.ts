// A program for browsers that uses Holdfast from outside. The package checks compile it beside the packed tarball, with the
// types of the platform and none of Node's.

import { connect, HoldfastError } from 'holdfast';
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
