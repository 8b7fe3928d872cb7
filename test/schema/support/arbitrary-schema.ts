// Random schemas, valid ones, as SDL: interfaces that implement interfaces, unions, inputs with lists of lists, inputs of
// which one field is to be given, enums, arguments with defaults, custom directives, deprecated fields, and names that mean
// something in JavaScript or in GraphQL.

import fc from 'fast-check';
import { buildSchema, type GraphQLSchema } from 'graphql';
import type { Schema } from '../../../src/schema/schema.js';
import { readSchema } from '../../../src/schema/sources/read-schema.js';
import type { Choices } from './choices.js';
import { drawnBy } from './drawn-by.js';
import { smallerSchemas } from './smaller-schema.js';

export interface DrawnSchema {
  readonly sdl: string;
  readonly graphql: GraphQLSchema;
  readonly schema: Schema;
}

export const arbitrarySchema: fc.Arbitrary<DrawnSchema> = drawnBy(drawSchema, ({ sdl }) =>
  smallerSchemas(sdl).map((smaller) => () => {
    const less = smaller();
    return less === undefined ? undefined : drawnSchemaOf(less);
  }),
);

/** @param isIncremental It may have `@defer` and `@stream`, which newer versions of graphql-js execute in a way of their own. */
export function drawSchema(from: Choices, isIncremental = false): DrawnSchema {
  return drawnSchemaOf(new SchemaWriter(from).write(isIncremental));
}

/** That what is drawn is valid is a test of its own: to ask each time takes as long as to build it. */
export function drawnSchemaOf(sdl: string): DrawnSchema {
  const graphql = buildSchema(sdl, { assumeValid: true, assumeValidSDL: true });
  return Object.assign({ sdl, graphql, schema: readSchema(graphql) }, { [fc.toStringMethod]: () => sdl });
}

const nastyNames = [
  ...['id', 'name', 'title', 'first', 'constructor', 'toString', 'valueOf', 'hasOwnProperty', 'then', 'query', 'on'],
  ...['fragment', 'type', 'input', 'true', 'null', 'length', 'prototype', 'isPrototypeOf', '_', '_a1', 'Query', 'if'],
  ...['length_2', 'first_2', 'toJSON', 'arguments', 'caller', 'class', 'await', 'kind', 'schema', 'close'],
];
const builtIn = ['Int', 'Float', 'String', 'Boolean', 'ID'];
/** As in the proposal for incremental delivery. */
const incremental = [
  'directive @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT',
  'directive @stream(if: Boolean! = true, label: String, initialCount: Int! = 0) on FIELD',
];
const executable = ['QUERY', 'MUTATION', 'SUBSCRIPTION', 'FIELD', 'FRAGMENT_SPREAD', 'INLINE_FRAGMENT'];

interface Field {
  readonly name: string;
  /** With arguments, `(first: Int = 10)`, or empty. */
  readonly args: string;
  readonly type: string;
  readonly deprecated: boolean;
}

interface Abstract {
  readonly name: string;
  readonly fields: readonly Field[];
  /** All that it implements, those of its own interfaces among them. */
  readonly interfaces: readonly string[];
}

class SchemaWriter {
  readonly #from: Choices;
  readonly #taken = new Set<string>(builtIn);
  readonly #lines: string[] = [];
  readonly #scalars: string[] = [];
  readonly #enums = new Map<string, readonly string[]>();
  readonly #inputs: string[] = [];
  readonly #interfaces: Abstract[] = [];
  /** Known before they are written, so that fields can be of any of them. */
  readonly #outputs: string[] = [];

  constructor(from: Choices) {
    this.#from = from;
  }

  write(isIncremental: boolean): string {
    this.#writeLeaves();
    if (isIncremental) this.#lines.push(...(this.#from.rarely(2) ? incremental : this.#from.some(incremental, 2)));
    for (const name of this.#names(3)) this.#writeInput(name);
    this.#writeDirectives();
    const objects = [this.#typeName('Query'), ...this.#names(5)];
    const roots = this.#names(2);
    const unions = this.#names(2);
    const interfaces = this.#names(4);
    this.#outputs.push(...objects, ...unions, ...interfaces);
    for (const name of interfaces) this.#writeInterface(name);
    for (const name of [...objects, ...roots]) this.#writeObject(name);
    for (const name of unions) {
      const members = [objects[0], ...this.#from.some(objects.slice(1), 4)];
      this.#lines.push(`union ${name} = ${members.join(' | ')}`);
    }
    const kinds = ['query', 'mutation', 'subscription'];
    const definitions = [objects[0], ...roots].map((name, index) => `${kinds[index]}: ${name}`);
    return [`schema { ${definitions.join(' ')} }`, ...this.#lines].join('\n');
  }

  #writeLeaves(): void {
    for (const name of this.#names(2)) {
      this.#scalars.push(name);
      this.#lines.push(`scalar ${name}`);
    }
    for (const name of this.#names(2)) {
      const values = this.#fieldNames(3).filter((value) => !['true', 'false', 'null'].includes(value));
      this.#enums.set(name, ['A', ...values]);
      this.#lines.push(`enum ${name} { ${['A', ...values].join(' ')} }`);
    }
  }

  #writeInput(name: string): void {
    const oneOf = this.#from.rarely(3);
    const fields = this.#fieldNames(3).map((field, index) => {
      // Every input has a value that ends somewhere.
      if (oneOf && index === 0) return `${field}: ${this.#from.pick(builtIn)}`;
      const type = this.#from.rarely(4) ? this.#wrapped(name, false) : this.#inputType(!oneOf);
      return `${field}: ${type}${oneOf ? '' : this.#defaultOf(type)}`;
    });
    this.#inputs.push(name);
    this.#lines.push(`input ${name}${oneOf ? ' @oneOf' : ''} { ${fields.join(' ')} }`);
  }

  #writeDirectives(): void {
    const names = this.#from.some(['tag', 'constructor', 'cached', 'toString'], 3);
    for (const name of names) {
      const locations = [
        'FIELD',
        ...this.#from.some(executable.slice(0, -3), 2),
        ...this.#from.some(executable.slice(-2), 2),
      ];
      const repeatable = this.#from.rarely(2) ? ' repeatable' : '';
      this.#lines.push(`directive @${name}${this.#args()}${repeatable} on ${locations.join(' | ')}`);
    }
  }

  #writeInterface(name: string): void {
    const { fields, interfaces } = this.#members();
    this.#interfaces.push({ name, fields, interfaces });
    this.#writeType('interface', name, fields, interfaces);
  }

  #writeObject(name: string): void {
    const { fields, interfaces } = this.#members();
    this.#writeType('type', name, fields, interfaces);
  }

  #writeType(keyword: string, name: string, fields: readonly Field[], interfaces: readonly string[]): void {
    const lines = fields.map((field) => {
      const deprecated = field.deprecated ? ' @deprecated(reason: "old")' : '';
      return `  ${field.name}${field.args}: ${field.type}${deprecated}`;
    });
    const implemented = interfaces.length === 0 ? '' : ` implements ${interfaces.join(' & ')}`;
    this.#lines.push(`${keyword} ${name}${implemented} {\n${lines.join('\n')}\n}`);
  }

  /** What is implemented with its fields, some of them narrower, and fields of its own. */
  #members(): { fields: readonly Field[]; interfaces: readonly string[] } {
    const fields = new Map<string, Field>();
    const interfaces = new Set<string>();
    for (const one of this.#from.some(this.#interfaces, 2)) {
      const fits = one.fields.every((field) => {
        const known = fields.get(field.name);
        return known === undefined || JSON.stringify(known) === JSON.stringify(field);
      });
      if (!fits) continue;
      for (const field of one.fields) fields.set(field.name, field);
      for (const name of [...one.interfaces, one.name]) interfaces.add(name);
    }
    for (const field of fields.values()) {
      if (!field.type.endsWith('!') && this.#from.rarely(4))
        fields.set(field.name, { ...field, type: `${field.type}!` });
    }
    for (const name of this.#fieldNames(4)) {
      const args = this.#args();
      if (!fields.has(name))
        fields.set(name, { name, args, type: this.#outputType(), deprecated: this.#from.rarely(6) });
    }
    return { fields: [...fields.values()], interfaces: [...interfaces] };
  }

  #args(): string {
    if (!this.#from.rarely(3)) return '';
    const args = this.#fieldNames(2).map((name) => {
      const type = this.#inputType(true);
      return `${name}: ${type}${this.#defaultOf(type)}`;
    });
    return `(${args.join(' ')})`;
  }

  #outputType(): string {
    const leaves = [...builtIn, ...this.#scalars, ...this.#enums.keys()];
    return this.#wrapped(this.#from.pick(this.#from.rarely(2) ? this.#outputs : leaves), true);
  }

  #inputType(nonNull: boolean): string {
    return this.#wrapped(
      this.#from.pick([...builtIn, ...this.#scalars, ...this.#enums.keys(), ...this.#inputs]),
      nonNull,
    );
  }

  #wrapped(name: string, nonNull: boolean): string {
    const inner = `${name}${this.#from.rarely(3) ? '!' : ''}`;
    const types = [name, `[${inner}]`, `[[${inner}]!]`];
    const type = this.#from.rarely(3) ? this.#from.pick(types) : name;
    return nonNull && this.#from.rarely(3) ? `${type}!` : type;
  }

  #defaultOf(type: string): string {
    if (!this.#from.rarely(3)) return '';
    if (!type.endsWith('!') && this.#from.rarely(3)) return ' = null';
    const values: Record<string, string> = { Int: '7', Float: '1.5', String: '"x"', Boolean: 'true', ID: '"i"' };
    const named = type.replace('!', '');
    const value = Object.hasOwn(values, named) ? values[named] : this.#enums.get(named)?.at(-1);
    return value === undefined ? '' : ` = ${value}`;
  }

  #names(most: number): readonly string[] {
    return Array.from({ length: this.#from.below(most + 1) }, () => this.#typeName(this.#from.pick(nastyNames)));
  }

  #typeName(wanted: string): string {
    let name = wanted;
    for (let count = 2; this.#taken.has(name); count += 1) name = `${wanted}${count}`;
    this.#taken.add(name);
    return name;
  }

  /** At least one. */
  #fieldNames(most: number): readonly string[] {
    const first = this.#from.pick(nastyNames);
    return [...new Set([first, ...this.#from.some(nastyNames, most - 1)])];
  }
}
