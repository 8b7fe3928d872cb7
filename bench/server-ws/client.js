// The load, in a process of its own: what it costs is not measured. It takes no answer that is not right: each question's
// first one is compared as a whole, those that follow by what was asked for.

import { answerTasks } from '../measuring/worker.js';
import { check, questions, requestOf } from '../shop/questions.js';
import { Connection } from './connection.js';

/** Each with the part of its message that is always the same. */
const asked = questions.small.map((question) => ({
  question,
  part: `","type":"subscribe","payload":${requestOf(question)}}`,
}));

/** Whose answers were compared as a whole, of the server that is loaded now. */
const known = new Set();

function checkResult(result, question) {
  if (known.has(question) && result.data?.product?.id === question.variables.id) return;
  check(result, question);
  known.add(question);
}

/** Asks over one connection, so many at a time, as long as `takesOne` says. */
class Asking {
  #connection;
  #takesOne;
  #answered;
  #lastId = 0;
  /** By id: what was asked, and whether it was answered. */
  #open = new Map();

  constructor(connection, takesOne, answered) {
    this.#connection = connection;
    this.#takesOne = takesOne;
    this.#answered = answered;
    connection.onMessage = (message) => this.#hear(message);
  }

  begin(inFlight) {
    this.#connection.together(() => {
      for (let count = 0; count < inFlight; count += 1) this.#next();
    });
  }

  #next() {
    const number = this.#takesOne();
    if (number === undefined) return;
    this.#lastId += 1;
    const id = String(this.#lastId);
    const { question, part } = asked[number % asked.length];
    this.#open.set(id, { question, answered: false });
    this.#connection.send(`{"id":"${id}${part}`);
  }

  #hear({ type, id, payload }) {
    const one = this.#open.get(id);
    if (type === 'next' && one?.answered === false) {
      checkResult(payload, one.question);
      one.answered = true;
    } else if (type === 'complete' && one?.answered === true) {
      this.#open.delete(id);
      this.#answered();
      this.#next();
    } else throw new Error(`Operation ${id} was answered with ${type} ${JSON.stringify(payload)}`);
  }
}

/** Of a storm: more would not fit into the queue of those who wait to be accepted, and come again a second later. */
const opening = 256;

/** @type {Connection[]} */
let connections = [];

const perform = {
  async connect({ port, count }) {
    connections = [];
    let begun = 0;
    const open = async () => {
      while (begun < count) {
        begun += 1;
        connections.push(await Connection.open(port));
      }
    };
    await Promise.all(Array.from({ length: Math.min(opening, count) }, open));
    known.clear();
  },

  run: ({ inFlight, operations }) =>
    new Promise((resolve) => {
      let begun = 0;
      let done = 0;
      const takesOne = () => {
        if (begun === operations) return undefined;
        begun += 1;
        return begun;
      };
      const answered = () => {
        done += 1;
        if (done === operations) resolve();
      };
      for (const connection of connections) new Asking(connection, takesOne, answered).begin(inFlight);
    }),

  async disconnect() {
    for (const connection of connections) connection.close();
  },
};

answerTasks(async (task) => {
  await perform[task.type](task);
  return {};
});
