// Holdfast over its WebSocket transport, as its guide shows it.

import { connect } from 'holdfast';
import { webSocket } from 'holdfast/websocket';
import { query, subscription } from '../documents.js';

export async function open(url) {
  const session = await connect({ transport: webSocket(url) });
  return {
    call: (variables) => session.execute(query, variables),

    async receive(variables) {
      let received = 0;
      for await (const event of session.subscribe(subscription, variables)) if (event.type === 'data') received += 1;
      return received;
    },

    hold: {
      next(variables) {
        const events = session.subscribe(subscription, variables);
        events.next();
        return events;
      },
      async loop(variables) {
        let received = 0;
        for await (const event of session.subscribe(subscription, variables)) if (event.type === 'data') received += 1;
        return received;
      },
    },
  };
}
