// A session over the fake transport whose calls are checked, and whose server tells its schema when a test says so.

import { buildSchema, type GraphQLSchema, graphqlSync } from 'graphql';
import type { Result } from '../../../src/protocol/result.js';
import { type WithSchemaOptions, withSchema } from '../../../src/schema/with-schema.js';
import { until } from '../../session/behaviour/support/waiting.js';
import type { FakeConnection, FakeRequest } from '../../session/support/fake-transport.js';
import { type Harness, type HarnessOptions, makeSession } from '../../session/support/harness.js';

export const schema: GraphQLSchema = buildSchema(`
  type Query { book(id: ID!): Book books(filter: Filter): [Book!]! }
  type Mutation { addBook(title: String!, cover: Upload!, pages: [Upload!]): Book }
  type Subscription { bookAdded: Book }
  type Book { id: ID! title: String! }
  input Filter { tags: [String!] }
  scalar Upload
`);

export const good = '{ book(id: 1) { title } }';
export const bad = '{ book(id: 1) { titel } }';

export function checkedSession(options?: WithSchemaOptions, harness: HarnessOptions = {}): Harness {
  return makeSession({ interceptors: { call: [withSchema(options)] }, ...harness });
}

/** The same with its first connection. */
export async function readyAndChecked(
  options?: WithSchemaOptions,
  harness: HarnessOptions = {},
): Promise<Harness & { readonly connection: FakeConnection }> {
  const made = checkedSession(options, harness);
  return { ...made, connection: await made.accept() };
}

function isQuestion({ request }: FakeRequest): boolean {
  return request.query.includes('__');
}

/** The texts that were sent, without the questions about the schema. */
export function sent({ requests }: FakeConnection): string[] {
  return requests.filter((request) => !isQuestion(request)).map(({ request }) => request.query);
}

/** The questions about the schema: a whole one takes two. */
export function questions({ requests }: FakeConnection): FakeRequest[] {
  return requests.filter(isQuestion);
}

const answered = new WeakSet<FakeRequest>();

/** The next question about the schema that has no answer yet. */
export async function nextQuestion(connection: FakeConnection): Promise<FakeRequest> {
  const open = (): FakeRequest | undefined => questions(connection).find((question) => !answered.has(question));
  await until(() => open() !== undefined);
  const question = open() as FakeRequest;
  answered.add(question);
  return question;
}

/** Answers the two questions that the schema takes, when they are asked; then everything has happened that needs no time. */
export async function tell(
  { settle }: Pick<Harness, 'settle'>,
  connection: FakeConnection,
  told: GraphQLSchema = schema,
): Promise<void> {
  for (let count = 0; count < 2; count += 1) {
    const question = await nextQuestion(connection);
    question.next(graphqlSync({ schema: told, source: question.request.query }) as Result);
  }
  await settle();
}
