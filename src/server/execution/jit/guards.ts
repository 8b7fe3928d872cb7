// What graphql-jit takes for granted, checked while its programs run: that objects are plain data, that types are named at once,
// and that nothing is thrown where it waits for a promise, which would be a rejection that nobody hears and an operation that
// never ends. Whatever is not so becomes an error of its own, and then graphql-js answers.

import type { GraphQLResolveInfo, GraphQLScalarType } from 'graphql';
import { isPromiseLike } from '../../call-hook.js';
import type { GraphQLModule } from '../graphql-module.js';
import type { Field, Plan } from './plan.js';

type Resolver = NonNullable<Field['resolve']>;

/** Thrown where graphql-jit would go wrong. No client ever sees it. */
export class Doubt extends Error {
  override readonly name: string = 'Doubt';

  constructor(cause?: unknown) {
    super('This is for graphql-js to answer.', { cause });
  }
}

/**
 * Calls `compile` while the schema's own functions have guards around them: that is where the compiler takes them from. It is
 * synchronous, and the schema is as before when it returns, so nobody else meets them.
 */
export function withGuards<Compiled>(plan: Plan, graphql: GraphQLModule, compile: () => Compiled): Compiled {
  const undo: (() => void)[] = [];
  const replace = (target: object, name: string, value: unknown): void => {
    const before = Object.getOwnPropertyDescriptor(target, name);
    undo.push(() => {
      if (before === undefined) Reflect.deleteProperty(target, name);
      else Object.defineProperty(target, name, before);
    });
    Object.defineProperty(target, name, { value, configurable: true, enumerable: true, writable: true });
  };
  try {
    for (const [field, levels] of plan.fields) {
      replace(field, 'resolve', guardResolver(field.resolve ?? readProperty(field.name), levels));
    }
    for (const type of plan.objects) replace(type, 'isTypeOf', isPlainObject);
    for (const type of plan.abstracts) {
      const named = type.resolveType ?? graphql.defaultTypeResolver;
      replace(type, 'resolveType', (value: unknown, context: unknown, info: GraphQLResolveInfo) =>
        nameOrNothing(() => named(value, context, info, type)),
      );
    }
    return compile();
  } finally {
    for (const restore of undo) restore();
  }
}

/** The serialisers of scalars that take any value, for graphql-jit, which would hand them methods and promises. */
export function guardedSerializers(
  plan: Plan,
  graphql: GraphQLModule,
): Readonly<Record<string, (value: unknown) => unknown>> {
  const custom = [...plan.scalars].filter((scalar) => !graphql.specifiedScalarTypes.includes(scalar));
  return Object.fromEntries(custom.map((scalar) => [scalar.name, guardSerializer(scalar)]));
}

function guardSerializer(scalar: GraphQLScalarType): (value: unknown) => unknown {
  return (value) => {
    if (typeof value === 'function' || isPromiseLike(value)) throw new Doubt();
    const serialized: unknown = scalar.serialize(value);
    if (serialized === undefined || serialized === null) throw new Doubt();
    return serialized;
  };
}

/** What graphql-js does where a field has no resolver. */
function readProperty(name: string): Resolver {
  return (source, args, context, info) => {
    if ((typeof source !== 'object' || source === null) && typeof source !== 'function') return undefined;
    const object = source as Readonly<Record<string, unknown>>;
    const property = object[name];
    return typeof property === 'function' ? property.call(source, args, context, info) : property;
  };
}

function guardResolver(resolve: Resolver, levels: number): Resolver {
  return (source, args, context, info) => {
    const value: unknown = resolve(source, args, context, info);
    // Most values by far are neither promises nor lists.
    if (typeof value !== 'object' || value === null) return value;
    return isPromiseLike(value) ? new GuardedPromise(value, levels) : guardItems(value, levels);
  };
}

/** The same list with guards around the promises in it. */
function guardItems(value: unknown, levels: number): unknown {
  if (levels === 0 || typeof value !== 'object' || value === null || !(Symbol.iterator in value)) return value;
  const items: readonly unknown[] = Array.isArray(value) ? value : [...(value as Iterable<unknown>)];
  if (levels === 1 && !items.some(isPromiseLike)) return items;
  return items.map((item) =>
    isPromiseLike(item) ? new GuardedPromise(item, levels - 1, true) : guardItems(item, levels - 1),
  );
}

/** A promise whose callbacks may throw: then it counts as rejected with a doubt. */
class GuardedPromise {
  readonly #promise: PromiseLike<unknown>;
  readonly #levels: number;
  readonly #isItem: boolean;

  constructor(promise: PromiseLike<unknown>, levels: number, isItem = false) {
    this.#promise = promise;
    this.#levels = levels;
    this.#isItem = isItem;
  }

  // biome-ignore lint/suspicious/noThenProperty: graphql-jit waits for whatever has one
  then(resolved: (value: unknown) => void, rejected: (reason: unknown) => void): void {
    Promise.resolve(this.#promise).then(
      (value) => {
        try {
          resolved(guardItems(value, this.#levels));
        } catch (thrown) {
          rejected(new Doubt(thrown));
        }
      },
      (reason) => {
        try {
          // In the place of an item that was rejected graphql-jit adds one at the end of the list.
          rejected(this.#isItem ? new Doubt(reason) : reason);
        } catch (thrown) {
          rejected(new Doubt(thrown));
        }
      },
    );
  }
}

/** Not a method that should have been called, not a promise that should have been awaited. */
function isPlainObject(value: unknown): boolean {
  return typeof value === 'object' && !isPromiseLike(value);
}

/** Nothing where the type is not named at once, or by something else than its name: graphql-js knows what to say of that. */
function nameOrNothing(named: () => unknown): string | undefined {
  try {
    const name = named();
    if (typeof name === 'string') return name;
    if (isPromiseLike(name)) Promise.resolve(name).catch(() => {});
  } catch {
    // graphql-js meets it again.
  }
  return undefined;
}
