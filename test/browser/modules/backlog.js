// More than the network takes: the connection tells when it piles up, and when it has gone.

import { webSocket } from 'holdfast/websocket';
import { ask, ended, open, query, watched } from './support/open.js';

export async function run({ url }, host) {
  const { made, Watched } = watched();
  const told = [];
  const { connection } = await open(webSocket(url, { WebSocket: Watched }), { told });
  await host.holdBack();
  const variables = { text: 'x'.repeat(2 ** 20) };
  const answers = [];
  while (!told.includes('backlog high')) {
    answers.push(ask(connection, { ...query, id: String(answers.length + 1), variables }));
    if (answers.length > 100) throw new Error('The network took 100 MiB and gave nothing back.');
  }
  const { bufferedAmount } = made[0];
  await host.letGo();
  await Promise.all(answers);
  while (!told.includes('backlog low')) await new Promise((resolve) => setTimeout(resolve, 5));
  connection.terminate(ended);
  return { bufferedAmount, told: told.filter((one) => one.startsWith('backlog')), sent: answers.length };
}
