// What the compiler must know of fragments that hold for all possible types of an interface or union: what they select is in
// every answer, though the interface or union itself has no such field. Nothing here runs: see schema-results.ts.

import type { Api } from '../../src/schema/index.js';
import { fragment } from '../../src/schema/index.js';
import type { $Types } from '../schema/types/library/generated.js';
import { exactly } from './exactly.js';

declare const api: Api<$Types>;
declare const maybe: boolean;

interface Id {
  readonly id: string;
}

export async function theOnlyPossibleType(): Promise<void> {
  exactly<{ readonly title: string } | null>()(await api.query.pick({}, { $on: { Book: { title: true } } }));
  exactly<{ readonly __typename: 'Book'; readonly title: string } | null>()(
    await api.query.pick({}, ['__typename', { $on: { Book: ['title'] } }]),
  );
  exactly<{ readonly name: string; readonly author: Id | null } | null>()(
    await api.query.kept({}, { $on: { Poster: { name: true, author: { id: true } } } }),
  );
  exactly<{ readonly 'of all': string } | null>()(
    await api.query.kept({}, { $on: { Poster: { 'of all: name': true } } }),
  );
}

export async function byDefault(): Promise<void> {
  const picked = await api.query.pick();
  exactly<'Book' | undefined>()(picked?.__typename);
  exactly<string | undefined>()(picked?.title);
  exactly<bigint | undefined>()(picked?.copies);
  exactly<{ readonly __typename: 'Poster'; readonly id: string; readonly name: string } | null>()(
    await api.query.kept(),
  );
}

export async function interfacesThatAllImplement(): Promise<void> {
  exactly<readonly { readonly __typename: 'Author' | 'Book' | 'Magazine'; readonly id: string }[]>()(
    await api.query.search({ text: 'sea' }, { __typename: true, $on: { Node: { id: true } } }),
  );
  exactly<readonly Id[]>()(await api.query.search({ text: 'sea' }, { $spread: [fragment('Parts', 'Node', ['id'])] }));
  exactly<readonly Id[]>()(await api.query.search({ text: 'sea' }, fragment('Parts', 'Node', 'id')));
  exactly<{ readonly name: string; readonly author: { readonly name: string } | null } | null>()(
    await api.query.kept({}, { $on: { Printed: { name: true, author: { name: true } } } }),
  );
  exactly<{ readonly id: string; readonly name: string } | null>()(
    await api.query.kept({}, { $on: { Printed: { $on: { Kept: 'id' }, name: true } } }),
  );
  exactly<readonly { readonly id?: string }[]>()(
    await api.query.search({ text: 'sea' }, { $on: { Node: { $directives: { include: { if: maybe } }, id: true } } }),
  );
}

export async function besideOthers(): Promise<void> {
  exactly<readonly ({ readonly title: string; readonly id: string } | { readonly id: string })[]>()(
    await api.query.search({ text: 'sea' }, { $on: { Book: { title: true }, Node: ['id'] } }),
  );
  exactly<
    readonly (
      | {
          readonly __typename: 'Magazine';
          readonly editor: { readonly name: string; readonly id: string } | null;
          readonly id: string;
        }
      | { readonly __typename: 'Book'; readonly editor: { readonly name: string } | null; readonly id: string }
      | { readonly __typename: 'Author'; readonly id: string }
    )[]
  >()(
    await api.query.search(
      { text: 'sea' },
      {
        __typename: true,
        $on: { Titled: { editor: { name: true } }, Magazine: ['editor.id'], Node: ['id'] },
      },
    ),
  );
}

/** What a fragment on an interface takes by default, the interface decides, and no possible type. */
export async function defaultsInFragments(): Promise<void> {
  type Person =
    | { readonly __typename: 'Author'; readonly id: string; readonly name: string; readonly born: Date | null }
    | { readonly __typename: 'Reader'; readonly id: string; readonly name: string };
  exactly<{ readonly author: Person | null } | null>()(
    await api.query.kept({}, { $on: { Printed: { author: true } } }),
  );
}
