// What the compiler must know: types flow from documents to variables and results, gaps cannot be overlooked, options are
// checked. Nothing here runs: `npm run types` compiles it, and fails where an expectation or a `@ts-expect-error` is wrong.

import type { TypedQueryDocumentNode } from 'graphql';
import { expectTypeOf } from 'vitest';
import {
  type CallResult,
  documentById,
  type ResultStream,
  type Session,
  type StreamPart,
  type StreamPatch,
  type StreamSnapshot,
  type Subscription,
  type SubscriptionEvent,
} from '../../src/index.js';

declare const session: Session;
declare const typed: TypedQueryDocumentNode<{ book: { title: string } }, { id: string }>;

/** As code generators make them: text that carries its types. */
declare class TypedText<TResult, TVariables> extends String {
  __apiType?: (variables: TVariables) => TResult;
}
declare const text: TypedText<{ price: number }, { symbol: string }>;

export async function typedDocuments(): Promise<void> {
  expectTypeOf(await session.execute(typed, { id: '1' })).toEqualTypeOf<{ book: { title: string } }>();
  expectTypeOf(await session.execute(text, { symbol: 'X' })).toEqualTypeOf<{ price: number }>();
  expectTypeOf(await session.result(typed, { id: '1' })).toEqualTypeOf<CallResult<{ book: { title: string } }>>();
  expectTypeOf(session.subscribe(text, { symbol: 'X' })).toEqualTypeOf<Subscription<{ price: number }>>();
  // @ts-expect-error a variable of the wrong type
  await session.execute(typed, { id: 1 });
  // @ts-expect-error an unknown variable
  await session.execute(typed, { id: '1', extra: true });
}

export async function documentsById(): Promise<void> {
  const book = documentById<{ book: { title: string } }, { id: string }>('book-1', { kind: 'query' });
  expectTypeOf(await session.execute(book, { id: '1' })).toEqualTypeOf<{ book: { title: string } }>();
  expectTypeOf(session.subscribe(book, { id: '1' })).toEqualTypeOf<Subscription<{ book: { title: string } }>>();
  expectTypeOf(await session.execute(documentById('any-1'), { any: 1 })).toEqualTypeOf<unknown>();
  // @ts-expect-error a variable of the wrong type
  await session.execute(book, { id: 1 });
  // @ts-expect-error an id is made by documentById
  await session.execute({ documentId: 'book-1' });
  // @ts-expect-error an unknown kind
  documentById('book-1', { kind: 'fragment' });
}

export async function plainText(): Promise<void> {
  expectTypeOf(await session.execute<{ hello: string }>('{ hello }')).toEqualTypeOf<{ hello: string }>();
  expectTypeOf(await session.execute('{ hello }')).toEqualTypeOf<unknown>();
  expectTypeOf(await session.execute('query ($a: Int) { hello }', { a: 1 })).toEqualTypeOf<unknown>();
}

export async function gaps(): Promise<void> {
  for await (const event of session.subscribe<{ n: number }>('subscription { n }')) {
    expectTypeOf(event).toEqualTypeOf<SubscriptionEvent<{ n: number }>>();
    // @ts-expect-error a gap has no data
    event.data;
    if (event.type === 'data') expectTypeOf(event.data).toEqualTypeOf<{ n: number }>();
  }
  // @ts-expect-error onGap has no default
  session.subscribe('subscription { n }').data();
  for await (const data of session.subscribe<{ n: number }>('subscription { n }').data({ onGap: 'fail' })) {
    expectTypeOf(data).toEqualTypeOf<{ n: number }>();
  }
}

export async function streams(form: 'snapshot' | 'patch'): Promise<void> {
  type Book = { book: { title: string } };
  expectTypeOf(session.stream(typed, { id: '1' })).toEqualTypeOf<ResultStream<StreamSnapshot<Book>>>();
  expectTypeOf(session.stream(typed, { id: '1' }, { as: 'snapshot' })).toEqualTypeOf<
    ResultStream<StreamSnapshot<Book>>
  >();
  expectTypeOf(session.stream(typed, { id: '1' }, { as: 'patch' })).toEqualTypeOf<ResultStream<StreamPatch<Book>>>();
  expectTypeOf(session.stream(typed, { id: '1' }, { as: form })).toEqualTypeOf<ResultStream<StreamPart<Book>>>();
  expectTypeOf(session.stream(text, { symbol: 'X' })).toEqualTypeOf<ResultStream<StreamSnapshot<{ price: number }>>>();
  for await (const part of session.stream<{ n: number }>('{ n }', undefined, { deadlineMs: 1, signal: undefined })) {
    expectTypeOf(part.data).toEqualTypeOf<{ n: number } | null | undefined>();
    // @ts-expect-error what was handed out is not to be changed
    part.data = null;
  }
  for await (const { data, patches } of session.stream<{ n: number }>('{ n }', {}, { as: 'patch' })) {
    expectTypeOf(data).toEqualTypeOf<{ n: number } | null | undefined>();
    for (const { path, items } of patches) {
      expectTypeOf(path).toEqualTypeOf<readonly (string | number)[]>();
      // @ts-expect-error neither is this
      items?.push(1);
    }
  }
  // @ts-expect-error a variable of the wrong type
  session.stream(typed, { id: 1 });
  // @ts-expect-error an unknown form
  session.stream('{ n }', {}, { as: 'diff' });
  // @ts-expect-error an option of subscriptions
  session.stream('{ n }', {}, { buffer: {} });
}

export async function options(): Promise<void> {
  await session.execute('{ a }', undefined, { signal: undefined, deadlineMs: undefined, extensions: {} });
  // @ts-expect-error an unknown option
  await session.execute('{ a }', {}, { timeout: 1 });
}
