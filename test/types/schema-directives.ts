// What the compiler must know of directives that are given or not as the program runs: what one of them may leave out need not
// be in the answer, a root field included. Nothing here runs: see schema-results.ts.

import type { CallResult } from '../../src/index.js';
import type { Api, ResultOf } from '../../src/schema/index.js';
import { fragment } from '../../src/schema/index.js';
import type { $Types } from '../schema/types/library/generated.js';
import { exactly } from './exactly.js';

declare const api: Api<$Types>;
declare const maybe: boolean;
declare const perhaps: boolean;

interface Name {
  readonly name: string;
}
interface Title {
  readonly title: string;
}
interface Id {
  readonly id: string;
}
interface PerhapsId {
  readonly id?: string;
  readonly title: string;
}

export async function ofFields(given: { include?: { if: boolean }; live?: true }): Promise<void> {
  exactly<readonly PerhapsId[]>()(
    await api.query.books({}, { id: { $directives: maybe ? { include: { if: perhaps } } : undefined }, title: true }),
  );
  exactly<readonly PerhapsId[]>()(
    await api.query.books({}, { id: { $directives: maybe ? { include: { if: perhaps } } : {} }, title: true }),
  );
  exactly<readonly PerhapsId[]>()(
    await api.query.books({}, { id: { $directives: { ...(maybe ? { include: { if: perhaps } } : {}) } }, title: true }),
  );
  exactly<readonly PerhapsId[]>()(
    await api.query.books({}, { id: { ...(maybe ? { $directives: { include: { if: perhaps } } } : {}) }, title: true }),
  );
  exactly<readonly PerhapsId[]>()(
    await api.query.books({}, { id: { $directives: maybe ? { live: true } : { skip: { if: perhaps } } }, title: true }),
  );
  exactly<readonly PerhapsId[]>()(await api.query.books({}, { id: { $directives: given }, title: true }));
  exactly<readonly PerhapsId[]>()(await api.query.books({}, ['title', { id: { $directives: given } }]));
  exactly<readonly { readonly called?: string }[]>()(
    await api.query.books({}, { 'called: title': { $directives: given } }),
  );
  exactly<readonly { readonly id: string; readonly title: string }[]>()(
    await api.query.books(
      {},
      { id: { $directives: maybe ? { live: true } : undefined }, title: { $directives: undefined } },
    ),
  );
}

export async function ofObjects(): Promise<void> {
  exactly<readonly { readonly author?: Name | null }[]>()(
    await api.query.books({}, { author: { $directives: maybe ? { skip: { if: perhaps } } : undefined, name: true } }),
  );
  exactly<readonly { readonly author?: Name | null }[]>()(
    await api.query.books({}, { author: { name: true, ...(maybe ? { $directives: { skip: { if: perhaps } } } : {}) } }),
  );
  type NameOrId = { readonly id?: string; readonly name: string } | { readonly id: string; readonly name?: string };
  exactly<readonly { readonly author?: NameOrId | null }[]>()(
    await api.query.books(
      {},
      { author: maybe ? { $directives: { include: { if: perhaps } }, name: true } : { id: true } },
    ),
  );
  exactly<{ readonly books?: readonly Title[]; readonly version: string }>()(
    await api.query({
      books: { $directives: maybe ? { include: { if: perhaps } } : undefined, title: true },
      version: true,
    }),
  );
}

export async function ofFragments(given: { defer?: true }): Promise<void> {
  exactly<readonly PerhapsId[]>()(
    await api.query.books(
      {},
      { title: true, $spread: [{ $directives: maybe ? { include: { if: perhaps } } : undefined, id: true }] },
    ),
  );
  exactly<readonly PerhapsId[]>()(
    await api.query.books(
      {},
      { title: true, $spread: [{ ...(maybe ? { $directives: { include: { if: perhaps } } } : {}), id: true }] },
    ),
  );
  exactly<readonly PerhapsId[]>()(
    await api.query.books({}, { title: true, $spread: [{ $directives: given, id: true }] }),
  );
  exactly<readonly PerhapsId[]>()(
    await api.query.books({}, { title: true, $on: { Book: { $directives: given, id: true } } }),
  );
  exactly<readonly PerhapsId[]>()(
    await api.query.books(
      {},
      {
        title: true,
        $on: { Node: { $directives: { ...(maybe ? { skip: { if: perhaps } } : {}) }, id: true } },
      },
    ),
  );
  exactly<readonly PerhapsId[]>()(
    await api.query.books(
      {},
      { title: true, $spread: [{ $directives: given, $spread: [fragment('Parts', 'Book', ['id'])] }] },
    ),
  );
  exactly<readonly { readonly id: string }[]>()(
    await api.query.books({}, { $spread: [{ $directives: maybe ? { live: true } : {}, id: true }] }),
  );
}

/** A field that is called alone and left out is answered with undefined. */
export async function ofRootFields(given: { include?: { if: boolean } }): Promise<void> {
  exactly<readonly Title[] | undefined>()(
    await api.query.books({}, { $directives: { include: { if: maybe } }, title: true }),
  );
  exactly<readonly Title[] | undefined>()(
    await api.query.books({}, { $directives: maybe ? { skip: { if: perhaps } } : undefined, title: true }),
  );
  exactly<readonly Title[] | undefined>()(await api.query.books({}, { $directives: given, title: true }));
  exactly<readonly (Title | Id)[] | undefined>()(
    await api.query.books({}, maybe ? { $directives: { include: { if: perhaps } }, title: true } : ['id']),
  );
  exactly<Title | null | undefined>()(
    await api.query.book({ id: 1 }, { $directives: { include: { if: maybe } }, title: true }),
  );
  exactly<CallResult<readonly Title[] | undefined>>()(
    await api.query.books.result({}, { $directives: { include: { if: maybe } }, title: true }),
  );
  const request = api.query.books.request({}, { $directives: { include: { if: maybe } }, title: true });
  exactly<readonly Title[] | undefined>()(null as never as ResultOf<typeof request>);
  exactly<readonly Title[]>()(await api.query.books({}, { $directives: { live: true }, title: true }));
  exactly<readonly Title[]>()(await api.query.books({}, maybe ? { title: true } : { title: true }));
  // @ts-expect-error it may be left out
  (await api.query.books({}, { $directives: { skip: { if: maybe } }, title: true })).length;
}
