// A schema with every kind of type and every way in which a field can go well or badly, for comparing engines.

import {
  buildSchema,
  GraphQLError,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from 'graphql';

const sdl = /* GraphQL */ `
  scalar Time
  scalar Json
  enum Color { RED GREEN BLUE }
  enum Level { LOW HIGH }
  interface Named { name: String }
  interface Animal implements Named { name: String, legs: Int! }
  type Dog implements Named & Animal { name: String, legs: Int!, barks: Boolean, friend: Animal, fails: String }
  type Bird implements Named & Animal { name: String, legs: Int!, sings: String, fails: String }
  type Stone implements Named { name: String, weight: Float }
  union Thing = Dog | Stone
  input Range { from: Int = 1, to: Int, color: Color = RED, tags: [String!] }
  input Filter { range: Range, at: Time, name: String = "any" }
  input Chain { next: Chain, value: Int }
  type Person {
    id: ID!
    name: String
    first_name: String
    age: Int
    height: Float
    admin: Boolean
    color: Color
    born: Time
    extra: Json
    tags: [String]
    matrix: [[Int!]]
    parent: Person
    children: [Person!]
    pets: [Animal]
    slow: String
    strict: String!
    brokenStrict: String!
    broken: String
    lazyParent: Person
    lazyChildren: [Person]
    greet(word: String = "Hello", times: Int = 1): String
  }
  type Query {
    person(id: ID): Person
    people(first: Int = 3): [Person!]!
    sparse: [Person]
    strictPeople: [Person!]
    animals: [Animal!]
    asyncAnimals: [Animal]
    things: [Thing]
    stone: Named
    echo(
      text: String
      int: Int
      float: Float
      bool: Boolean
      id: ID
      color: Color
      list: [Int]
      matrix: [[Int]]
      range: Range
      filter: Filter
      at: Time
      json: Json
      chain: Chain
    ): String
    defaults(text: String! = "text", list: [Int!] = [1, 2], color: Color = GREEN): String
    plain: String
    method: String
    methodPerson: Person
    promised: String
    nothing: String
    fails: String
    failsAsync: String
    failsStrict: String!
    failsLocated: String
    returnsError: String
    coded: String
    throwsText: String
    throwsNothing: String
    badInt: Int
    badTime: Time
    nullTime: Time
    badEnum: Color
    notList: [Int]
    textList: [String]
    iterable: [Int]
    promises: [Int]
    rejections: [Int]
    strictRejections: [Int!]
    info: String
    unknownAnimal: Animal
    asyncAnimal: Animal
    unnamedThing: Thing
    getter: Person
    getterLater: Person
    getterLaterInList: [Person]
    personPromises: [Person]
    methodsInside: Person
    promisesInside: Person
    promiseOfChild: Person
    jsonMethod: Json
    jsonPromise: Json
    user_name: String
    user: Person
  }
  type Mutation { add(amount: Int!): Int, addSlowly(amount: Int!): Int, failing: Int, strictFailing: Int! }
  type Subscription {
    ticks(to: Int!): Person
    plainTicks: Int
    failingTicks: Int
    filtered(range: Range, at: Time): String
  }
`;

export interface Zoo {
  readonly schema: GraphQLSchema;
  readonly rootValue: object;
  /** What resolvers with effects did, in order. */
  readonly log: string[];
}

const later = <T>(value: T): Promise<T> => new Promise((resolve) => setImmediate(() => resolve(value)));

class Grown {
  readonly id = 'grown';
  name(): string {
    return 'by method';
  }
  greet(args: { word: string }): string {
    return args.word;
  }
  lazyParent(): object {
    return { id: 'parent', name: 'of a method' };
  }
  get broken(): string {
    return 'by getter';
  }
}

const trap = (): object => ({
  id: 'trap',
  get name(): string {
    throw new Error('A getter threw');
  },
});

export function makeZoo(): Zoo {
  const log: string[] = [];
  const schema = buildSchema(sdl);
  const time = schema.getType('Time') as import('graphql').GraphQLScalarType;
  const setting: Record<string, unknown> = {
    serialize: (value: unknown) => {
      if (value === 'null') return null;
      if (!(value instanceof Date)) throw new TypeError(`No time: ${typeof value}`);
      return value.toISOString();
    },
    parseValue: (value: unknown) => new Date(String(value)),
    parseLiteral: (node: { value?: string }) => new Date(String(node.value)),
  };
  setting.coerceOutputValue = setting.serialize;
  setting.coerceInputValue = setting.parseValue;
  setting.coerceInputLiteral = setting.parseLiteral;
  Object.assign(time, setting);

  const person = (id: string, rest: object = {}): object => ({
    id,
    name: `Person ${id}`,
    first_name: `First ${id}`,
    age: 30,
    height: 1.5,
    admin: true,
    color: 'GREEN',
    born: new Date(0),
    extra: { any: [1, 'two', null, { three: 3 }] },
    tags: ['a', null, 'b'],
    matrix: [[1, 2], null, [3]],
    ...rest,
  });

  resolve(schema.getType('Person'), {
    parent: (source: { parent?: object }) => source.parent ?? null,
    children: ({ id }: { id: string }) => (id.length > 2 ? [] : later([person(`${id}1`), person(`${id}2`)])),
    pets: () => [dog, bird, null],
    slow: () => later('slow'),
    strict: () => 'strict',
    brokenStrict: ({ id }: { id: string }) => {
      throw new Error(`Strict ${id} broke`);
    },
    broken: ({ id, broken }: { id: string; broken?: string }) => {
      if (broken !== undefined) return broken;
      throw new Error(`${id} broke`);
    },
    lazyParent: undefined,
    greet: undefined,
  });
  const dog = { __typename: 'Dog', name: 'Rex', legs: 4, barks: true };
  const bird = { __typename: 'Bird', name: 'Tweety', legs: 2, sings: 'high' };
  const stone = { __typename: 'Stone', name: 'Rock', weight: 1.25 };
  resolve(schema.getType('Dog'), {
    friend: () => later(bird),
    fails: () => {
      throw new Error('Dog fails');
    },
  });
  resolve(schema.getQueryType(), {
    person: (_: unknown, { id }: { id?: string }) => person(id ?? '1', { parent: person('0') }),
    people: (_: unknown, { first }: { first: number }) => Array.from({ length: first }, (_, i) => person(`${i}`)),
    sparse: () => [person('1'), null, later(person('2')), Promise.reject(new Error('No third')), undefined],
    strictPeople: () => [person('1'), null, person('3')],
    animals: () => [dog, bird],
    asyncAnimals: () => later(null).then(() => [later(dog), bird, Promise.reject(new Error('No bird'))]),
    things: () => new Set([dog, stone]),
    stone: () => stone,
    echo: (_: unknown, args: object) => write(args),
    defaults: (_: unknown, args: object) => write(args),
    nothing: () => undefined,
    fails: () => {
      throw new Error('It failed');
    },
    failsAsync: () => later(null).then(() => Promise.reject(new Error('It failed later'))),
    failsStrict: () => {
      throw new Error('It failed strictly');
    },
    failsLocated: () => {
      throw new GraphQLError('Elsewhere', { path: ['some', 'where'] });
    },
    returnsError: () => new Error('Returned'),
    coded: () => {
      throw new GraphQLError('With a code', { extensions: { code: 'MINE' } });
    },
    throwsText: () => {
      throw 'a text';
    },
    throwsNothing: () => {
      throw undefined;
    },
    badInt: () => 'many',
    badTime: () => 5,
    nullTime: () => 'null',
    badEnum: () => 'PINK',
    notList: () => 5,
    textList: () => 'text',
    iterable: () => new Set([1, 2, 3]),
    promises: () => [later(1), 2, later(3)],
    rejections: () => [1, Promise.reject(new Error('Item')), later(3)],
    strictRejections: () => [1, Promise.reject(new Error('Strict item')), later(3)],
    info: (_: unknown, _args: object, _context: unknown, info: GraphQLResolveInfo) =>
      write([info.fieldName, info.parentType.name, String(info.returnType), info.path.key, info.operation.operation]),
    unknownAnimal: () => ({ __typename: 'Unicorn' }),
    asyncAnimal: () => ({ later: true, name: 'Late', legs: 3 }),
    unnamedThing: () => ({ name: 'What' }),
    getter: trap,
    getterLater: () => later(trap()),
    getterLaterInList: () => [later(trap()), person('1')],
    personPromises: () => [later(person('1')), person('2')],
    methodsInside: () => new Grown(),
    promisesInside: () => ({ id: 'p', name: later('promised'), lazyChildren: [later(person('1')), person('2')] }),
    promiseOfChild: () => ({ id: 'p', lazyParent: later(person('parent')) }),
    jsonMethod: () => () => 'called never',
    jsonPromise: () => ({ toJSON: () => ({ fine: true }) }),
    user_name: (_: unknown, _args: object, _context: unknown, info: GraphQLResolveInfo) => info.fieldName,
    user: () => person('u'),
  });
  Object.assign(schema.getType('Animal') as object, {
    resolveType: (value: { __typename?: string; later?: boolean }) =>
      value.later ? later('Dog') : (value.__typename ?? 'Dog'),
  });

  let sum = 0;
  resolve(schema.getMutationType(), {
    add: (_: unknown, { amount }: { amount: number }) => {
      sum += amount;
      log.push(`add ${amount}`);
      return sum;
    },
    addSlowly: async (_: unknown, { amount }: { amount: number }) => {
      log.push(`begin ${amount}`);
      await later(null);
      sum += amount;
      log.push(`end ${amount}`);
      return sum;
    },
    failing: () => Promise.reject(new Error('The mutation failed')),
    strictFailing: () => {
      throw new Error('The strict mutation failed');
    },
  });

  const source = (
    name: string,
    subscribe: (args: Record<string, unknown>) => unknown,
    map?: (event: unknown, args: object) => unknown,
  ): void => {
    const field = (schema.getSubscriptionType() as GraphQLObjectType).getFields()[name];
    if (field === undefined) throw new Error(`No subscription ${name}`);
    field.subscribe = (_source, args) => subscribe(args);
    if (map !== undefined) field.resolve = map;
  };
  source('ticks', async function* ({ to }) {
    for (let i = 1; i <= Number(to); i++) yield { ticks: person(`${i}`) };
  });
  source('plainTicks', async function* () {
    yield* [{ plainTicks: 1 }, {}, { plainTicks: 'no number' }, { plainTicks: 4 }];
  });
  source(
    'failingTicks',
    async function* () {
      yield* [1, 2, 3];
    },
    (event) => {
      if (event === 2) throw new Error('Two failed');
      return event;
    },
  );
  source(
    'filtered',
    async function* () {
      yield* [1, 2];
    },
    (event, args) => write([event, args]),
  );
  const rootValue = {
    plain: 'plain',
    method: () => 'from a method',
    methodPerson: (_args: object, context: object) => person(Object.keys(context).join()),
    promised: later('promised'),
  };
  return { schema, rootValue, log };
}

/** The same text for the same arguments, dates and absent members included. */
function write(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function resolve(type: unknown, resolvers: object): void {
  const fields = (type as GraphQLObjectType).getFields();
  for (const [name, resolver] of Object.entries(resolvers)) {
    const field = fields[name];
    if (field === undefined) throw new Error(`No field ${name}`);
    if (resolver !== undefined) field.resolve = resolver;
  }
}
