// Made by `holdfast generate` from library.graphql. What is changed here is lost: change the schema and generate again.
// Fingerprint: 5a9e8e1b5695252b
/* eslint-disable */
// biome-ignore-all lint: generated
// biome-ignore-all format: generated
// biome-ignore-all assist: generated

import { type abstract as $abstract, generatedSchema as $generatedSchema, type ScalarType as $ScalarType, type Schema as $Schema, type Upload as $Upload } from '../../../../src/schema/index.js';
import { scalars as $scalars } from './scalars.js';

/** What the program works with for each scalar of the schema's own. */
export interface $Scalars {
  readonly BigInt: $ScalarType<typeof $scalars, 'BigInt'>;
  /** A moment, in UTC. */
  readonly DateTime: $ScalarType<typeof $scalars, 'DateTime'>;
  readonly JSON: $ScalarType<typeof $scalars, 'JSON'>;
  readonly Upload: $ScalarType<typeof $scalars, 'Upload', $Upload>;
}

export interface Author {
  readonly __typename: 'Author';
  readonly books: readonly Book[];
  readonly born: $Scalars['DateTime'] | null;
  readonly id: string;
  readonly name: string;
}

export interface Between {
  readonly from: $Scalars['DateTime'];
  readonly to?: $Scalars['DateTime'] | null | undefined;
}

export interface Book {
  readonly __typename: 'Book';
  /** Null where nobody knows. */
  readonly author: Author | null;
  readonly copies: $Scalars['BigInt'];
  readonly editor: Person | null;
  readonly extra: $Scalars['JSON'] | null;
  readonly genre: Genre | null;
  readonly grid: readonly (readonly number[] | null)[] | null;
  readonly id: string;
  /** @deprecated Has run out. */
  readonly isbn10: string | null;
  readonly price: number | null;
  readonly published: $Scalars['DateTime'] | null;
  readonly review: Review | null;
  readonly reviews: readonly Review[];
  readonly series: readonly (Book | null)[] | null;
  readonly tags: readonly string[];
  readonly title: string;
}

/** Names one book. */
export type BookBy =
  | { readonly id: string | number; readonly isbn?: undefined }
  | {
      /** Thirteen digits. */
      readonly isbn: string;
      readonly id?: undefined;
    };

export interface BookFilter {
  readonly and?: readonly BookFilter[] | null | undefined;
  readonly author?: string | null | undefined;
  readonly genres?: readonly Genre[] | null | undefined;
  readonly not?: BookFilter | null | undefined;
  readonly published?: Between | null | undefined;
}

/** Has the name of a global. */
export interface Date {
  readonly __typename: 'Date';
  readonly function: string | null;
  readonly year: number;
}

export type Genre =
  /** With dragons. */
  | 'FANTASY'
  /** @deprecated Nobody calls it so any more. */
  | 'PULP'
  | 'SCIENCE_FICTION';

export interface Kept {
  readonly [$abstract]?: 'Kept';
  readonly __typename: 'Poster';
  readonly id: string;
}

export interface Magazine {
  readonly __typename: 'Magazine';
  readonly author: string | null;
  readonly editor: Person | null;
  readonly id: string;
  readonly issue: number;
  readonly title: string;
}

export interface Mutation {
  readonly __typename: 'Mutation';
  readonly addBook: Book;
  readonly clear: boolean;
  readonly setCover: Book | null;
}

export interface NewBook {
  readonly author: string | number;
  readonly copies?: $Scalars['BigInt'] | undefined;
  readonly extra?: $Scalars['JSON'] | null | undefined;
  readonly genre?: Genre | null | undefined;
  readonly grid?: readonly (readonly number[] | null)[] | null | undefined;
  /** @deprecated Has run out. */
  readonly isbn10?: string | null | undefined;
  readonly published?: $Scalars['DateTime'] | null | undefined;
  /** Words to find it by. */
  readonly tags?: readonly string[] | undefined;
  readonly title: string;
}

/** Something with an id. */
export interface Node {
  readonly [$abstract]?: 'Node';
  readonly __typename: 'Author' | 'Book' | 'Magazine' | 'Reader';
  readonly id: string;
}

export type Order =
  | 'ASC'
  | 'DESC';

export interface Person {
  readonly [$abstract]?: 'Person';
  readonly __typename: 'Author' | 'Reader';
  readonly id: string;
  readonly name: string;
}

/** Of one kind only. */
export interface Pick {
  readonly [$abstract]?: 'Pick';
  readonly __typename: 'Book';
}

/** The only thing that is kept. */
export interface Poster {
  readonly __typename: 'Poster';
  readonly author: Author | null;
  readonly id: string;
  readonly name: string;
}

export interface Printed {
  readonly [$abstract]?: 'Printed';
  readonly __typename: 'Poster';
  readonly author: Person | null;
  readonly name: string;
}

export interface Query {
  readonly __typename: 'Query';
  readonly authors: readonly Author[] | null;
  readonly book: Book | null;
  readonly bookBy: Book | null;
  /** Books, the newest first. */
  readonly books: readonly Book[];
  readonly kept: Kept | null;
  readonly node: Node | null;
  /** @deprecated Ask for `books`. */
  readonly oldBooks: readonly Book[];
  /** What somebody picked. */
  readonly pick: Pick | null;
  readonly record: Record | null;
  readonly search: readonly SearchResult[];
  /** Each shelf is a list of books; a place may be empty. */
  readonly shelves: readonly (readonly (Book | null)[])[];
  readonly today: Date | null;
  readonly version: string;
}

export interface Reader {
  readonly __typename: 'Reader';
  readonly id: string;
  readonly name: string;
  readonly reviews: readonly Review[];
}

/** Has the name of a type of TypeScript. */
export interface Record {
  readonly __typename: 'Record';
  readonly constructor: string | null;
  readonly length: number;
  readonly name: string_ | null;
  readonly then: number | null;
  readonly toString: string | null;
}

export interface Review {
  readonly __typename: 'Review';
  readonly by: Reader;
  readonly of: Book;
  readonly stars: number;
  readonly text: string | null;
}

export interface ReviewOrder {
  readonly by: string;
  readonly direction?: Order | null | undefined;
}

export interface SearchResult {
  readonly [$abstract]?: 'SearchResult';
  readonly __typename: 'Author' | 'Book' | 'Magazine';
}

export interface string_ {
  readonly __typename: 'string';
  readonly text: string;
}

export interface Subscription {
  readonly __typename: 'Subscription';
  readonly bookAdded: Book;
  readonly ticks: number;
}

/**
 * Something that somebody gave a title.
 * It may be long.
 */
export interface Titled {
  readonly [$abstract]?: 'Titled';
  readonly __typename: 'Book' | 'Magazine';
  readonly editor: Person | null;
  readonly id: string;
  readonly title: string;
}

/** What the compiler knows of the schema, for `Schema`, `ResultOf` and `SelectionOf`. */
export interface $Types {
  readonly query: Query;
  readonly mutation: Mutation;
  readonly subscription: Subscription;
  readonly scalars: $Scalars;
  /** What has fields, by the names that GraphQL knows. */
  readonly types: {
    readonly Author: Author;
    readonly Book: Book;
    readonly Date: Date;
    readonly Kept: Kept;
    readonly Magazine: Magazine;
    readonly Mutation: Mutation;
    readonly Node: Node;
    readonly Person: Person;
    readonly Pick: Pick;
    readonly Poster: Poster;
    readonly Printed: Printed;
    readonly Query: Query;
    readonly Reader: Reader;
    readonly Record: Record;
    readonly Review: Review;
    readonly SearchResult: SearchResult;
    readonly string: string_;
    readonly Subscription: Subscription;
    readonly Titled: Titled;
  };
  /** By type and field, of the fields that have any. */
  readonly args: {
    readonly Author: {
      readonly books: { readonly genre?: Genre | null | undefined };
    };
    readonly Book: {
      readonly price: { readonly currency: string };
      readonly review: { readonly id: string | number };
      readonly reviews: { readonly first?: number | null | undefined; readonly order?: ReviewOrder | null | undefined };
      readonly title: { readonly language?: string | null | undefined };
    };
    readonly Magazine: {
      readonly title: { readonly language?: string | null | undefined };
    };
    readonly Mutation: {
      readonly addBook: { readonly book: NewBook };
      readonly setCover: { readonly book: string | number; readonly cover: $Scalars['Upload'] };
    };
    readonly Query: {
      readonly authors: { readonly genres?: readonly Genre[] | null | undefined; readonly ids?: readonly (string | number)[] | null | undefined };
      readonly book: { readonly id: string | number };
      readonly bookBy: { readonly by: BookBy };
      readonly books: {
        /** Part of the author's name. */
        readonly author?: string | null | undefined;
        readonly filter?: BookFilter | null | undefined;
        readonly first?: number | null | undefined;
      };
      readonly node: { readonly id: string | number };
      readonly record: { readonly key: string };
      readonly search: { readonly limit?: number | null | undefined; readonly text: string };
    };
    readonly Subscription: {
      readonly bookAdded: { readonly genre?: Genre | null | undefined };
      readonly ticks: { readonly everyMs: number };
    };
    readonly Titled: {
      readonly title: { readonly language?: string | null | undefined };
    };
  };
  /** What a default selection takes, by type: leaves, fields with leaves of their own, and for abstract types leaves of the possible ones. */
  readonly defaults: {
    readonly Author: { readonly leaves: 'born' | 'id' | 'name'; readonly objects: 'books' };
    readonly Book: { readonly leaves: 'copies' | 'extra' | 'genre' | 'grid' | 'id' | 'published' | 'tags' | 'title'; readonly objects: 'author' | 'editor' | 'reviews' | 'series' };
    readonly Date: { readonly leaves: 'function' | 'year' };
    readonly Kept: { readonly leaves: '__typename' | 'id'; readonly on: { readonly Poster: 'name' } };
    readonly Magazine: { readonly leaves: 'author' | 'id' | 'issue' | 'title'; readonly objects: 'editor' };
    readonly Mutation: { readonly leaves: 'clear' };
    readonly Node: { readonly leaves: '__typename' | 'id'; readonly on: { readonly Author: 'born' | 'name'; readonly Book: 'copies' | 'extra' | 'genre' | 'grid' | 'published' | 'tags' | 'title'; readonly Magazine: 'author' | 'issue' | 'title'; readonly Reader: 'name' } };
    readonly Person: { readonly leaves: '__typename' | 'id' | 'name'; readonly on: { readonly Author: 'born' } };
    readonly Pick: { readonly leaves: '__typename'; readonly on: { readonly Book: 'copies' | 'extra' | 'genre' | 'grid' | 'id' | 'published' | 'tags' | 'title' } };
    readonly Poster: { readonly leaves: 'id' | 'name'; readonly objects: 'author' };
    readonly Printed: { readonly leaves: '__typename' | 'name'; readonly on: { readonly Poster: 'id' } };
    readonly Query: { readonly leaves: 'version'; readonly objects: 'authors' | 'books' | 'kept' | 'pick' | 'shelves' | 'today' };
    readonly Reader: { readonly leaves: 'id' | 'name'; readonly objects: 'reviews' };
    readonly Record: { readonly leaves: 'constructor' | 'length' | 'then' | 'toString'; readonly objects: 'name' };
    readonly Review: { readonly leaves: 'stars' | 'text'; readonly objects: 'by' | 'of' };
    readonly SearchResult: { readonly leaves: '__typename'; readonly on: { readonly Author: 'born' | 'id' | 'name'; readonly Book: 'copies' | 'extra' | 'genre' | 'grid' | 'id' | 'published' | 'tags' | 'title'; readonly Magazine: 'author' | 'id' | 'issue' | 'title' } };
    readonly string: { readonly leaves: 'text' };
    readonly Subscription: { readonly leaves: never; readonly objects: 'bookAdded' };
    readonly Titled: { readonly leaves: '__typename' | 'id' | 'title'; readonly on: { readonly Book: 'copies' | 'extra' | 'genre' | 'grid' | 'published' | 'tags'; readonly Magazine: 'author' | 'issue' } };
  };
  /** The directives of documents and their arguments; a repeatable one takes a list too. */
  readonly directives: {
    readonly include: { readonly if: boolean };
    readonly live: { readonly [argument: string]: never };
    readonly skip: { readonly if: boolean };
    readonly tag: { readonly name: string } | readonly { readonly name: string }[];
  };
}

/** The schema: for `createApi` and wherever a schema is taken. */
export const schema: $Schema<$Types> = $generatedSchema<$Types>({
  source: 'library.graphql',
  codecs: $scalars,
  definitions: [
    'schema{query:Query mutation:Mutation subscription:Subscription}',
    'directive @live on FIELD',
    'directive @tag(name:String!)repeatable on QUERY|FIELD|FRAGMENT_SPREAD|INLINE_FRAGMENT',
    'type Author implements Node&Person{books(genre:Genre):[Book!]! born:DateTime id:ID! name:String!}',
    'input Between{from:DateTime! to:DateTime}',
    'scalar BigInt',
    'type Book implements Node&Titled{author:Author copies:BigInt! editor:Person extra:JSON genre:Genre grid:[[Int!]] id:ID! isbn10:String @deprecated price(currency:String!):Float published:DateTime review(id:ID!):Review reviews(first:Int=10 order:ReviewOrder):[Review!]! series:[Book] tags:[String!]! title(language:String):String!}',
    'input BookBy @oneOf{id:ID isbn:String}',
    'input BookFilter{and:[BookFilter!] author:String genres:[Genre!] not:BookFilter published:Between}',
    'type Date{function:String year:Int!}',
    'scalar DateTime',
    'enum Genre{FANTASY PULP @deprecated SCIENCE_FICTION}',
    'scalar JSON',
    'interface Kept{id:ID!}',
    'type Magazine implements Node&Titled{author:String editor:Person id:ID! issue:Int! title(language:String):String!}',
    'type Mutation{addBook(book:NewBook!):Book! clear:Boolean! setCover(book:ID! cover:Upload!):Book}',
    'input NewBook{author:ID! copies:BigInt!="1" extra:JSON genre:Genre grid:[[Int!]] isbn10:String @deprecated published:DateTime tags:[String!]!=[] title:String!}',
    'interface Node{id:ID!}',
    'enum Order{ASC DESC}',
    'interface Person implements Node{id:ID! name:String!}',
    'union Pick=Book',
    'type Poster implements Kept&Printed{author:Author id:ID! name:String!}',
    'interface Printed{author:Person name:String!}',
    'type Query{authors(genres:[Genre!] ids:[ID!]):[Author!] book(id:ID!):Book bookBy(by:BookBy!):Book books(author:String filter:BookFilter first:Int=10):[Book!]! kept:Kept node(id:ID!):Node oldBooks:[Book!]! @deprecated pick:Pick record(key:String!):Record search(limit:Int text:String!):[SearchResult!]! shelves:[[Book]!]! today:Date version:String!}',
    'type Reader implements Node&Person{id:ID! name:String! reviews:[Review!]!}',
    'type Record{constructor:String length:Int! name:string then:Int toString:String}',
    'type Review{by:Reader! of:Book! stars:Int! text:String}',
    'input ReviewOrder{by:String! direction:Order=ASC}',
    'union SearchResult=Author|Book|Magazine',
    'type string{text:String!}',
    'type Subscription{bookAdded(genre:Genre):Book! ticks(everyMs:Int!):Int!}',
    'interface Titled implements Node{editor:Person id:ID! title(language:String):String!}',
    'scalar Upload',
  ],
});
