// The load, in a process of its own: what it costs is not measured. It takes no answer that is not right: each text is read
// and compared once, and then known.

import { answerTasks } from '../measuring/worker.js';
import { check, questions, requestOf } from '../shop/questions.js';
import { Connection, joinChunks } from './connection.js';

/** As clients send them, the same for every contender. */
function bytesOf(question) {
  const body = requestOf(question);
  const head = [
    'POST /graphql HTTP/1.1',
    'Host: 127.0.0.1',
    'Connection: keep-alive',
    'User-Agent: bench',
    'Accept: application/graphql-response+json, application/json;q=0.9',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`, 'latin1');
}

/** Each with its right answers, as texts of a body. */
const asked = Object.fromEntries(
  Object.entries(questions).map(([name, all]) => [
    name,
    all.map((question) => ({ question, bytes: bytesOf(question), known: new Set() })),
  ]),
);

function checkAnswer({ question, known }, head, body) {
  if (!head.startsWith('HTTP/1.1 200 ')) throw new Error(`Answered with ${head}${body}`);
  if (known.has(body)) return;
  const chunked = /\r\ntransfer-encoding: *chunked/i.test(head);
  check(JSON.parse(chunked ? joinChunks(body) : body), question);
  known.add(body);
}

/** @type {Connection[]} */
let connections = [];

const perform = {
  async connect({ port, count }) {
    connections = await Promise.all(Array.from({ length: count }, () => Connection.open(port)));
  },

  /** Every connection asks as soon as it was answered. */
  run: ({ questions: name, operations }) =>
    new Promise((resolve) => {
      const all = asked[name];
      let begun = 0;
      let done = 0;
      const next = (connection) => {
        if (begun === operations) return;
        const one = all[begun % all.length];
        begun += 1;
        connection.send(one.bytes, (head, body) => {
          checkAnswer(one, head, body);
          done += 1;
          if (done === operations) resolve();
          else next(connection);
        });
      };
      for (const connection of connections) next(connection);
    }),

  async disconnect() {
    for (const connection of connections) connection.close();
  },
};

answerTasks(async (task) => {
  await perform[task.type](task);
  return {};
});
