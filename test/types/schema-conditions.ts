// What the compiler must know of selections that depend on something: what may or may not be selected need not be in the
// answer, and of what cannot be known nothing is said. Nothing here runs: see schema-results.ts.

import type { Api, SelectedOf, SelectionOf } from '../../src/schema/index.js';
import { type Fields, fields, fragment } from '../../src/schema/index.js';
import type { $Types } from '../schema/types/library/generated.js';
import { exactly } from './exactly.js';

declare const api: Api<$Types>;
declare const maybe: boolean;
declare const perhaps: boolean;

interface Id {
  readonly id: string;
}
interface Name {
  readonly name: string;
}
interface IdOrTitle {
  readonly id?: string;
  readonly title?: string;
}

export async function objects(): Promise<void> {
  exactly<readonly { readonly id: string; readonly author?: Name | null }[]>()(
    await api.query.books({}, { id: true, author: maybe && { name: true } }),
  );
  exactly<readonly { readonly id: string; readonly author?: Name | null }[]>()(
    await api.query.books({}, { id: true, author: maybe ? { name: true } : undefined }),
  );
  exactly<readonly { readonly price?: number | null }[]>()(
    await api.query.books({}, { price: maybe ? { $args: { currency: 'EUR' } } : undefined }),
  );
  exactly<readonly { readonly reviews?: readonly { readonly stars: number }[] }[]>()(
    await api.query.books({}, { reviews: maybe && { $args: { first: 1 }, stars: true } }),
  );
  type IdAlone = { readonly id: string; readonly name?: string };
  type NameAlone = { readonly id?: string; readonly name: string };
  exactly<readonly { readonly author: IdAlone | NameAlone | null }[]>()(
    await api.query.books({}, { author: maybe ? { name: true } : { id: true } }),
  );
  exactly<readonly (NameAlone | IdAlone)[] | null>()(
    await api.query.authors({}, maybe ? { name: true } : { id: true }),
  );
  exactly<readonly { readonly author?: Name | null; readonly title: string }[]>()(
    await api.query.books({}, { author: maybe && { name: true }, $spread: ['title'] }),
  );
}

export async function roots(): Promise<void> {
  exactly<{ readonly books?: readonly Id[]; readonly version: string }>()(
    await api.query({ books: maybe && ['id'], version: true }),
  );
  exactly<{ readonly book?: { readonly author?: Name | null } | null }>()(
    await api.query({ book: maybe ? { $args: { id: 1 }, author: perhaps && 'name' } : undefined }),
  );
}

export async function lists(): Promise<void> {
  const names: ('id' | 'title')[] = ['id'];
  exactly<readonly IdOrTitle[]>()(await api.query.books({}, names));
  exactly<readonly IdOrTitle[]>()(await api.query.books({}, [maybe ? 'id' : 'title']));
  exactly<readonly IdOrTitle[]>()(await api.query.books({}, [maybe ? { id: true } : { title: true }]));
  exactly<readonly ({ readonly id: string; readonly title: string } | Id)[]>()(
    await api.query.books({}, ['id', ...(maybe ? (['title'] as const) : [])]),
  );
  exactly<readonly { readonly id: string; readonly title?: string }[]>()(
    await api.query.books({}, ['id', maybe ? ['title'] : []]),
  );
  exactly<readonly { readonly author?: Name | null }[]>()(await api.query.books({}, { author: maybe && ['name'] }));
  exactly<readonly { readonly author?: { readonly id: string; readonly name: string } | null }[]>()(
    await api.query.books({}, { author: maybe && (['id', 'name'] as const) }),
  );
  exactly<readonly (Id | { readonly title: string })[]>()(await api.query.books({}, maybe ? ['id'] : ['title']));
  exactly<
    readonly { readonly id: string; readonly author: { readonly id?: string; readonly name?: string } | null }[]
  >()(await api.query.books({}, ['id', { author: [maybe ? 'id' : 'name'] }]));
  exactly<readonly { readonly author?: { readonly id?: string; readonly name?: string } | null }[]>()(
    await api.query.books({}, [maybe && 'author.id', maybe && 'author.name']),
  );
}

export async function fragments(): Promise<void> {
  const one = fragment('One', 'Book', ['id']);
  const other = fragment('Other', 'Book', { title: true });
  exactly<readonly IdOrTitle[]>()(await api.query.books({}, { $spread: [maybe ? one : other] }));
  exactly<readonly { readonly id?: string }[]>()(await api.query.books({}, { $spread: maybe ? [{ id: true }] : [] }));
  exactly<readonly { readonly id?: string }[]>()(await api.query.books({}, { $spread: [maybe && one] }));
  exactly<readonly { readonly id?: string }[]>()(
    await api.query.books({}, { $on: maybe ? { Book: { id: true } } : {} }),
  );
  exactly<readonly { readonly id?: string }[]>()(await api.query.books({}, { $on: { Book: maybe && { id: true } } }));
  exactly<readonly { readonly id?: string }[]>()(
    await api.query.books({}, { $on: maybe ? { Book: { id: true } } : undefined }),
  );
  exactly<readonly IdOrTitle[]>()(await api.query.books({}, { $on: { Book: maybe ? { id: true } : { title: true } } }));
  exactly<readonly IdOrTitle[]>()(
    await api.query.books({}, [fragment('Either', 'Book', maybe ? { id: true } : { title: true })]),
  );
}

/** Every schema has the directives of incremental delivery, whatever it declares. */
export async function incremental(): Promise<void> {
  exactly<
    readonly {
      readonly id: string;
      readonly author?: Name | null;
      readonly title?: string;
      readonly reviews: readonly { readonly stars: number }[];
    }[]
  >()(
    await api.query.books(
      {},
      {
        id: true,
        reviews: { $directives: { stream: { initialCount: 1, if: maybe, label: 'reviews' } }, stars: true },
        $spread: [
          { $directives: { defer: true }, title: true },
          { $directives: { defer: { if: maybe, label: null } }, author: ['name'] },
        ],
      },
    ),
  );
  exactly<readonly { readonly reviews: readonly { readonly stars: number }[] }[]>()(
    await api.query.books({}, { reviews: { $directives: { stream: true }, stars: true } }),
  );
}

export async function keptSelections(): Promise<void> {
  exactly<readonly (Id | { readonly title: string })[]>()(
    await api.query.books({}, maybe ? fields('id') : fields('title')),
  );
  exactly<readonly IdOrTitle[]>()(await api.query.books({}, fields(maybe ? 'id' : 'title')));
  exactly<readonly { readonly id?: string; readonly title: string }[]>()(
    await api.query.books({}, fields('id', 'title').difference(maybe && 'id')),
  );
  const authors = fields('id', { author: { name: true, id: true } });
  exactly<
    readonly { readonly id: string; readonly author: { readonly name: string; readonly id?: string } | null }[]
  >()(await api.query.books({}, authors.difference(maybe && 'author.id')));
  exactly<
    readonly { readonly id: string; readonly author?: { readonly name: string; readonly id: string } | null }[]
  >()(await api.query.books({}, authors.difference(['title', maybe && 'author'])));
}

export async function whatNobodyKnows(some: Record<string, boolean>, kept: Fields): Promise<void> {
  const anything = JSON.parse('true');
  exactly<readonly unknown[]>()(await api.query.books({}, anything));
  exactly<unknown>()(await api.query(anything));
  exactly<readonly { readonly id: string; readonly author: unknown }[]>()(
    await api.query.books({}, { id: true, author: anything }),
  );
  exactly<readonly { readonly [name: string]: unknown }[]>()(await api.query.books({}, some));
  exactly<string | undefined>()((await api.query.books({}, kept))[0]?.id);
}

/** A function over selections that does not ask which one it is given. */
export async function anySelection(selection: SelectionOf<$Types, 'Book'>): Promise<void> {
  const [book] = await api.query.books({}, selection);
  exactly<string | undefined>()(book?.title);
  exactly<string | undefined>()(book?.author?.books?.[0]?.title);
  exactly<'Author' | 'Reader' | undefined>()(book?.editor?.__typename);
  const [again] = null as never as readonly SelectedOf<$Types, 'Book', SelectionOf<$Types, 'Book'>>[];
  exactly<typeof book>()(again);
}

export async function anySelectionInside(author: SelectionOf<$Types, 'Author'>): Promise<void> {
  const [book] = await api.query.books({}, { title: true, author });
  exactly<string | undefined>()(book?.title);
  exactly<string | undefined>()(book?.author?.name);
}
