// A session as far as a schema is asked over it: it answers out of a schema, as new or as old a server as the test says.

import {
  type ASTVisitor,
  buildSchema,
  GraphQLError,
  type GraphQLSchema,
  graphqlSync,
  parse,
  type ValidationContext,
  validate,
} from 'graphql';
import type { GraphQLError as AnsweredError } from '../../../../src/protocol/result.js';

export const bookSdl = /* GraphQL */ `
  "What is for sale."
  schema {
    query: Shop
  }
  directive @cost(weight: Int, old: Int @deprecated) repeatable on FIELD
  type Shop {
    books(first: Int, limit: Int @deprecated(reason: "Use first")): [[Book!]!]!
  }
  type Book {
    title: String
    isbn: String @deprecated
    sold: Date
  }
  scalar Date @specifiedBy(url: "https://example.com/date")
  input One @oneOf {
    id: ID
    title: String
  }
`;

export const books: GraphQLSchema = buildSchema(bookSdl);

export interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly AnsweredError[] | undefined;
}

export interface AskedSession {
  readonly result: never;
  readonly subscribe: () => void;
  readonly asked: string[];
}

/** Answers with what `answer` gives, which may be later, or thrown. */
export function sessionAnswering(answer: (query: string) => Answer | Promise<Answer>): AskedSession {
  const asked: string[] = [];
  const result = async (query: string, _: object, { signal }: { readonly signal?: AbortSignal }): Promise<Answer> => {
    asked.push(query);
    const answered = await answer(query);
    signal?.throwIfAborted();
    return answered;
  };
  return { result: result as never, subscribe: () => {}, asked };
}

/** A server of today. */
export function answerOf(schema: GraphQLSchema): (query: string) => Answer {
  return (source) => JSON.parse(JSON.stringify(graphqlSync({ schema, source })));
}

/** As the specification of October 2016 has it. */
const unknownIn2016: ReadonlySet<string> = new Set([
  '__Schema.description',
  '__Type.specifiedByURL',
  '__Type.isOneOf',
  '__Type.inputFields(includeDeprecated)',
  '__Field.args(includeDeprecated)',
  '__InputValue.isDeprecated',
  '__InputValue.deprecationReason',
  '__Directive.isRepeatable',
  '__Directive.args(includeDeprecated)',
]);

/** A server that refuses queries for what introspection did not have then. */
export function answerOf2016(schema: GraphQLSchema): (query: string) => Answer {
  const refuseNewer = (context: ValidationContext): ASTVisitor => ({
    Field(node) {
      const field = `${context.getParentType()?.name}.${node.name.value}`;
      const names = [field, ...(node.arguments ?? []).map((argument) => `${field}(${argument.name.value})`)];
      for (const name of names) {
        if (unknownIn2016.has(name)) context.reportError(new GraphQLError(`Cannot query field "${name}".`));
      }
    },
  });
  return (source) => {
    const errors = validate(schema, parse(source), [refuseNewer]);
    if (errors.length > 0) return { errors: errors.map(({ message }) => ({ message })) };
    const { data } = answerOf(schema)(source);
    for (const [name, type] of Object.entries(Object(data))) {
      if (name === '__schema') continue;
      const of = type as { fields: { name: string; args: { name: string }[] }[] };
      of.fields = of.fields.filter((field) => !unknownIn2016.has(`__${name}.${field.name}`));
      for (const field of of.fields) {
        field.args = field.args.filter((arg) => !unknownIn2016.has(`__${name}.${field.name}(${arg.name})`));
      }
    }
    return { data };
  };
}
