// A small GraphQL server to try the other examples on: greetings, a counter, and a clock.

import { setInterval } from 'node:timers/promises';
import { buildSchema } from 'graphql';
import { createServer, serve } from 'holdfast/server';

const schema = buildSchema(`
  type Query {
    hello(name: String = "world"): String!
    visits: Int!
  }

  type Mutation {
    "Counts a visit, and answers with all of them."
    visit: Int!
  }

  type Subscription {
    "The time, every second."
    time: String!
  }
`);

let visits = 0;

const rootValue = {
  hello: ({ name }) => `Hello ${name}`,
  visits: () => visits,
  visit: () => {
    visits += 1;
    return visits;
  },
  time: () => setInterval(1_000, { time: () => new Date().toISOString() }),
};

const port = Number(process.argv[2] ?? 4000);
// A developer's machine: errors are told in full, and a browser gets GraphiQL.
const serving = await serve(createServer({ schema, rootValue, development: true }), { port });
console.log('Ctrl-C ends it.');
process.once('SIGINT', () => serving.close());
