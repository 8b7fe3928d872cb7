// Documents that other tools made carry their types through a session: TypedDocumentNode, gql.tada, and the typed document
// strings of GraphQL Code Generator's client preset. Nothing here runs: `npm run types` compiles it.

import type { DocumentTypeDecoration, TypedDocumentNode } from '@graphql-typed-document-node/core';
import { initGraphQLTada } from 'gql.tada';
import { expectTypeOf } from 'vitest';
import {
  type CallOptions,
  type CallResult,
  type DocumentSource,
  documentById,
  type ResultStream,
  type Session,
  type StreamPatch,
  type StreamSnapshot,
  type Subscription,
  type VariablesThenOptions,
} from '../../src/index.js';
import type { Api } from '../../src/schema/index.js';

declare const session: Session;

type BookData = { book: { title: string } | null };
type BookVariables = { id: string };
type AddedData = { bookAdded: { title: string } };

/** What client preset writes for the variables of a document without any. */
type NoVariables = { [key: string]: never };

declare const nodes: {
  readonly book: TypedDocumentNode<BookData, BookVariables>;
  readonly added: TypedDocumentNode<AddedData, NoVariables>;
};

export async function typedDocumentNodes(): Promise<void> {
  expectTypeOf(await session.execute(nodes.book, { id: '1' })).toEqualTypeOf<BookData>();
  expectTypeOf(await session.result(nodes.book, { id: '1' })).toEqualTypeOf<CallResult<BookData>>();
  expectTypeOf(session.stream(nodes.book, { id: '1' })).toEqualTypeOf<ResultStream<StreamSnapshot<BookData>>>();
  expectTypeOf(session.stream(nodes.book, { id: '1' }, { as: 'patch' })).toEqualTypeOf<
    ResultStream<StreamPatch<BookData>>
  >();
  expectTypeOf(session.subscribe(nodes.added)).toEqualTypeOf<Subscription<AddedData>>();
  // @ts-expect-error a variable of the wrong type
  await session.execute(nodes.book, { id: 1 });
  // @ts-expect-error an unknown variable
  await session.result(nodes.book, { id: '1', extra: 1 });
  // @ts-expect-error a required variable is missing
  session.stream(nodes.book, {});
  // @ts-expect-error the document has no variables
  session.subscribe(nodes.added, { id: '1' });
}

/** As client preset writes it with `documentMode: 'string'`. */
declare class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private readonly value: string;
  __meta__?: Record<string, unknown> | undefined;
  override toString(): string & DocumentTypeDecoration<TResult, TVariables>;
}

declare const strings: {
  readonly book: TypedDocumentString<BookData, BookVariables>;
  readonly added: TypedDocumentString<AddedData, NoVariables>;
};

export async function typedDocumentStrings(): Promise<void> {
  expectTypeOf(await session.execute(strings.book, { id: '1' })).toEqualTypeOf<BookData>();
  expectTypeOf(await session.result(strings.book, { id: '1' })).toEqualTypeOf<CallResult<BookData>>();
  expectTypeOf(session.stream(strings.book, { id: '1' })).toEqualTypeOf<ResultStream<StreamSnapshot<BookData>>>();
  expectTypeOf(session.subscribe(strings.added)).toEqualTypeOf<Subscription<AddedData>>();
  // The text of such a document keeps its types.
  expectTypeOf(await session.execute(strings.book.toString(), { id: '1' })).toEqualTypeOf<BookData>();
  // @ts-expect-error a variable of the wrong type
  await session.execute(strings.book, { id: 1 });
  // @ts-expect-error an unknown variable
  await session.result(strings.book, { id: '1', extra: 1 });
  // @ts-expect-error the document has no variables
  session.subscribe(strings.added, { id: '1' });
}

type Text = { kind: 'SCALAR'; name: 'String'; ofType: null };
type Required<Type> = { kind: 'NON_NULL'; name: null; ofType: Type };
type BookField<Name extends string, Type> = { name: Name; type: Type };
type BookType = { kind: 'OBJECT'; name: 'Book'; ofType: null };

const graphql = initGraphQLTada<{
  introspection: {
    name: 'library';
    query: 'Query';
    mutation: never;
    subscription: 'Subscription';
    types: {
      Query: { kind: 'OBJECT'; name: 'Query'; fields: { book: BookField<'book', BookType> } };
      Subscription: {
        kind: 'OBJECT';
        name: 'Subscription';
        fields: { bookAdded: BookField<'bookAdded', Required<BookType>> };
      };
      Book: { kind: 'OBJECT'; name: 'Book'; fields: { title: BookField<'title', Required<Text>> } };
      String: unknown;
      ID: unknown;
    };
  };
}>();

const tada = {
  book: graphql('query Book($id: ID!) { book(id: $id) { title } }'),
  added: graphql('subscription { bookAdded { title } }'),
};

export async function gqlTada(): Promise<void> {
  expectTypeOf(await session.execute(tada.book, { id: '1' })).toEqualTypeOf<BookData>();
  expectTypeOf(await session.result(tada.book, { id: '1' })).toEqualTypeOf<CallResult<BookData>>();
  expectTypeOf(session.stream(tada.book, { id: '1' })).toEqualTypeOf<ResultStream<StreamSnapshot<BookData>>>();
  expectTypeOf(session.subscribe(tada.added)).toEqualTypeOf<Subscription<AddedData>>();
  // @ts-expect-error a variable of the wrong type
  await session.execute(tada.book, { id: true });
  // @ts-expect-error an unknown variable
  await session.result(tada.book, { id: '1', extra: 1 });
}

type Filter = { first?: number | null | undefined };
declare const books: TypedDocumentNode<{ books: { title: string }[] }, Filter>;
declare const newest: TypedDocumentNode<BookData, Record<never, never>>;
declare const anything: TypedDocumentNode;
declare const api: Api;

/** What a document needs must be given; what it does not need may be left out. */
export async function requiredVariables(): Promise<void> {
  // @ts-expect-error
  await session.execute(nodes.book);
  // @ts-expect-error
  await session.execute(nodes.book, undefined, { deadlineMs: 1 });
  // @ts-expect-error
  await session.result(nodes.book);
  // @ts-expect-error
  session.stream(nodes.book);
  // @ts-expect-error
  session.stream(nodes.book, undefined, { as: 'patch' });
  // @ts-expect-error
  session.subscribe(nodes.book);
  // @ts-expect-error
  await session.execute(strings.book);
  // @ts-expect-error
  await session.execute(strings.book.toString());
  // @ts-expect-error
  await session.execute(tada.book);
  // @ts-expect-error
  await session.execute(documentById<BookData, BookVariables>('book-1'));
  // @ts-expect-error
  await api.execute(nodes.book);
  // @ts-expect-error
  await api.result(tada.book, undefined, { deadlineMs: 1 });
  // @ts-expect-error
  api.stream(strings.book);
  // @ts-expect-error
  api.stream(strings.book, undefined, { as: 'patch' });
  // @ts-expect-error
  api.subscribe(nodes.book);
  expectTypeOf(await api.execute(nodes.book, { id: '1' })).toEqualTypeOf<BookData>();

  expectTypeOf(await session.execute(books)).toEqualTypeOf<{ books: { title: string }[] }>();
  await session.execute(books, undefined, { deadlineMs: 1 });
  await session.result(newest);
  session.stream(newest, undefined, { as: 'patch' });
  session.subscribe(tada.added);
  session.subscribe(strings.added, {}, { signal: undefined });
  await api.execute(books, undefined, { deadlineMs: 1 });
  api.subscribe(tada.added);
  await session.execute(anything);
  await session.execute(anything, { any: 1 });
  // @ts-expect-error a variable of the wrong type
  await session.execute(books, { first: '1' });
}

/** A program's own function over documents. */
export async function passedOn<TResult, TVariables extends object>(
  document: TypedDocumentNode<TResult, TVariables>,
  variables: TVariables,
  options: CallOptions,
): Promise<TResult> {
  session.stream(document, variables, { ...options, as: 'patch' });
  return session.execute(document, variables, options);
}

export async function passedOnTogether<TResult, TVariables extends object>(
  document: TypedDocumentNode<TResult, TVariables>,
  ...call: VariablesThenOptions<TVariables, CallOptions>
): Promise<TResult> {
  await api.result(document, ...call);
  return session.execute(document, ...call);
}

export async function whoPassesOn(): Promise<void> {
  expectTypeOf(await passedOnTogether(nodes.book, { id: '1' }, { deadlineMs: 1 })).toEqualTypeOf<BookData>();
  await passedOnTogether(books);
  // @ts-expect-error a required variable is missing
  await passedOnTogether(nodes.book);
}

/** Whoever takes documents takes all of them. */
export function everyKind(): DocumentSource<BookData, BookVariables>[] {
  return [nodes.book, strings.book, tada.book, 'query ($id: ID!) { book(id: $id) { title } }'];
}
