// What the compiler must know of a typed API beside its results: every way to call a field, several fields at once, names that
// JavaScript has, functions over selections, and schemas that it does not know. Nothing here runs: see schema-results.ts.

import type { CallResult, ResultStream, StreamPatch, StreamSnapshot, Subscription } from '../../src/index.js';
import type { Api, CheckedSelection, ResultOf, SelectedOf, SelectionOf } from '../../src/schema/index.js';
import type { $Types } from '../schema/types/library/generated.js';
import { exactly } from './exactly.js';

declare const api: Api<$Types>;

interface Name {
  readonly name: string;
}

export async function severalFields(): Promise<void> {
  exactly<{
    readonly version: string;
    readonly old: readonly { readonly title: string }[];
    readonly new: readonly { readonly id: string }[];
    readonly book: { readonly author: Name | null } | null;
    readonly today: { readonly function: string | null; readonly year: number } | null;
  }>()(
    await api.query({
      version: true,
      'old: books': { $args: { first: 3 }, title: true },
      'new: books': ['id'],
      book: { $args: { id: 1 }, author: { name: true } },
      today: true,
    }),
  );
  exactly<{
    readonly version: string;
    readonly books: readonly { readonly title: string }[];
  }>()(await api.query(['version', 'books.title']));
  exactly<{ readonly addBook: { readonly id: string }; readonly clear: boolean }>()(
    await api.mutation({ addBook: { $args: { book: { title: 'A', author: 1, copies: 2n } }, id: true }, clear: true }),
  );
}

export async function namesOfJavaScript(): Promise<void> {
  exactly<{
    readonly constructor: string | null;
    readonly then: number | null;
    readonly name: { readonly text: string } | null;
    readonly length: number;
    readonly toString: string | null;
  } | null>()(
    await api.query.record(
      { key: 'a' },
      // biome-ignore lint/suspicious/noThenProperty: a field may be called so.
      { constructor: true, then: true, name: { text: true }, length: true, toString: true },
    ),
  );
}

export async function waysToCall(): Promise<void> {
  interface Title {
    readonly title: string;
  }
  exactly<CallResult<readonly Title[]>>()(await api.query.books.result({}, { title: true }));
  exactly<ResultStream<StreamSnapshot<readonly Title[]>>>()(api.query.books.stream({}, { title: true }));
  exactly<ResultStream<StreamPatch<readonly Title[]>>>()(api.query.books.stream({}, { title: true }, { as: 'patch' }));
  const request = api.query.books.request({ first: 2 }, { title: true }, { operationName: 'Titles' });
  exactly<readonly Title[]>()(null as never as ResultOf<typeof request>);
  exactly<readonly Title[]>()(await api.execute(request));
  exactly<CallResult<readonly Title[]>>()(await api.result(request));
  exactly<Subscription<Title>>()(api.subscription.bookAdded({ genre: 'PULP' }, { title: true }));
  exactly<Subscription<number>>()(api.subscription.ticks({ everyMs: 5 }));
  const added = api.subscription.bookAdded.request({}, ['title']);
  exactly<Subscription<Title>>()(api.subscribe(added));
  const several = api.request('query', { version: true, 'first: books': { title: true } });
  exactly<{
    readonly version: string;
    readonly first: readonly Title[];
  }>()(await api.execute(several));
  exactly<Subscription<{ readonly ticks: number }>>()(api.subscription({ ticks: { $args: { everyMs: 1 } } }));
}

/** A function over selections: it says what it was given, and answers with what that selects. */
export async function functionsOverSelections(): Promise<void> {
  async function load<const S extends SelectionOf<$Types, 'Book'>>(
    selection: CheckedSelection<$Types, 'Book', S>,
  ): Promise<readonly SelectedOf<$Types, 'Book', S>[]> {
    return api.query.books<S>({}, selection);
  }
  exactly<readonly { readonly id: string; readonly author: Name | null }[]>()(
    await load({ id: true, author: { name: true } }),
  );
  // @ts-expect-error Book has no such field
  await load({ titel: true });
  async function first<const S extends SelectionOf<$Types, 'Book'>>(
    selection: CheckedSelection<$Types, 'Book', S>,
  ): Promise<SelectedOf<$Types, 'Book', S> | undefined> {
    const books = await api.query.books<S>({}, selection);
    const { data } = await api.query.books.result<S>({}, selection);
    return data?.[0] ?? books[0];
  }
  exactly<{ readonly id: string } | undefined>()(await first({ id: true }));
}

export async function unknownSchemas(untyped: Api): Promise<void> {
  exactly<unknown>()(await untyped.query.books?.({ any: 1 }, { id: true }));
  exactly<string | undefined>()(await untyped.query.books?.<string>());
  exactly<{ version: string }>()(await untyped.query<{ version: string }>({ version: true }));
  exactly<Subscription<number> | undefined>()(untyped.subscription.ticks?.<number>({}, true));
  exactly<{ a: 1 }>()(await untyped.execute<{ a: 1 }>('{ a }'));
}

/** Of an overloaded function the compiler takes the last overload: that is the call with no selection. */
export async function fieldsAsFunctions(): Promise<void> {
  const used = async <T>(call: () => Promise<T>): Promise<T> => call();
  const book = await api.query.book({ id: 1 });
  const books = await api.query.books();
  exactly<typeof books>()(null as never as Awaited<ReturnType<typeof api.query.books>>);
  exactly<typeof book>()(null as never as Awaited<ReturnType<typeof api.query.book>>);
  exactly<typeof books>()(await used(api.query.books));
  exactly<CallResult<typeof books>>()(await used(api.query.books.result));
  exactly<typeof books>()(null as never as ResultOf<ReturnType<typeof api.query.books.request>>);
  exactly<ResultStream<StreamSnapshot<typeof books>>>()(null as never as ReturnType<typeof api.query.books.stream>);
  const added = api.subscription.bookAdded();
  exactly<typeof added>()(null as never as ReturnType<typeof api.subscription.bookAdded>);
  const request = api.subscription.bookAdded.request();
  exactly<typeof request>()(null as never as ReturnType<typeof api.subscription.bookAdded.request>);
  exactly<readonly { readonly title: string }[]>()(await used(() => api.query.books({}, { title: true })));
}
