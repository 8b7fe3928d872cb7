// Reads one definition in the compact form of SDL that generated modules hold: no descriptions, no extensions, of the
// directives only `@deprecated` (without its reason) and `@oneOf`. What is written there was checked before it was written; a
// default that is no value of GraphQL stands there as `?` and its text in quotes. GraphQL specification, section 3.

import type { OperationKind } from '../../protocol/result.js';
import type { DirectiveModel, EnumValueModel, FieldModel, InputModel, TypeModel } from './model.js';
import { readTypeRef, type TypeRef } from './type-ref.js';

export interface DefinitionHead {
  readonly keyword: string;
  /** Empty for `schema`. */
  readonly name: string;
  readonly interfaces: readonly string[];
}

const token = /"(?:[^"\\]|\\.)*"|[\w.+-]+|[^\s\w"]/g;
const head = /^(\w+)(?: @?(\w+))?(?: implements ([\w&]+))?/;

/** What the specification assumes where a deprecation says nothing. */
const noReason = 'No longer supported';

export class DefinitionReader {
  readonly #text: string;
  readonly #tokens: readonly RegExpMatchArray[];
  #at: number = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = [...text.matchAll(token)];
  }

  /** What a definition begins with, without reading the rest. */
  static head(text: string): DefinitionHead {
    const [, keyword = '', name = '', interfaces] = head.exec(text) ?? [];
    return { keyword, name, interfaces: interfaces?.split('&') ?? [] };
  }

  /** Into `found`. */
  roots(found: Record<string, string | undefined>): void {
    this.#next();
    this.#members('{', '}', () => {
      const kind = this.#next() as OperationKind;
      this.#skip(':');
      found[kind] = this.#next();
      return { name: kind };
    });
  }

  /** @param possible The object types that implement it, where it is an interface. */
  type(possible: readonly string[]): TypeModel {
    const keyword = this.#next();
    const described = { name: this.#next(), description: undefined };
    const interfaces = this.#skip('implements') ? this.#names('&') : [];
    switch (keyword) {
      case 'type':
        return { ...described, kind: 'object', interfaces, fields: this.#fields() };
      case 'interface':
        return { ...described, kind: 'interface', interfaces, fields: this.#fields(), possible };
      case 'union':
        return { ...described, kind: 'union', possible: this.#skip('=') ? this.#names('|') : [] };
      case 'enum':
        return { ...described, kind: 'enum', values: this.#members('{', '}', () => this.#enumValue()) };
      case 'input': {
        const oneOf = this.#directive('oneOf');
        return { ...described, kind: 'input', oneOf, fields: this.#members('{', '}', () => this.#input()) };
      }
      default:
        return { ...described, kind: 'scalar', specifiedByURL: undefined };
    }
  }

  directive(): DirectiveModel {
    this.#next();
    this.#skip('@');
    const name = this.#next();
    const args = this.#args();
    const repeatable = this.#skip('repeatable');
    this.#skip('on');
    return { name, description: undefined, args, repeatable, locations: this.#names('|') };
  }

  #fields(): ReadonlyMap<string, FieldModel> {
    return this.#members('{', '}', () => {
      const name = this.#next();
      const args = this.#args();
      const type = this.#typeRef();
      return { name, description: undefined, args, type, deprecated: this.#deprecated() };
    });
  }

  #args(): ReadonlyMap<string, InputModel> {
    return this.#members('(', ')', () => this.#input());
  }

  #input(): InputModel {
    const name = this.#next();
    const type = this.#typeRef();
    const defaultValue = this.#skip('=') ? this.#value() : undefined;
    return { name, description: undefined, type, defaultValue, deprecated: this.#deprecated() };
  }

  #enumValue(): EnumValueModel {
    return { name: this.#next(), description: undefined, deprecated: this.#deprecated() };
  }

  #typeRef(): TypeRef {
    this.#skip(':');
    let text = '';
    while (this.#peek() === '[') text += this.#next();
    text += this.#next();
    while (this.#peek() === '!' || this.#peek() === ']') text += this.#next();
    return readTypeRef(text);
  }

  /** The text of it, as it stands. */
  #value(): string {
    if (this.#skip('?')) return JSON.parse(this.#next()) as string;
    const from = this.#tokens[this.#at]?.index ?? 0;
    let depth = 0;
    do {
      const part = this.#next();
      if (part === '[' || part === '{') depth += 1;
      if (part === ']' || part === '}') depth -= 1;
    } while (depth > 0);
    const last = this.#tokens[this.#at - 1];
    return this.#text.slice(from, (last?.index ?? 0) + (last?.[0].length ?? 0));
  }

  #deprecated(): string | undefined {
    return this.#directive('deprecated') ? noReason : undefined;
  }

  #directive(name: string): boolean {
    if (!this.#skip('@')) return false;
    return this.#skip(name);
  }

  #members<Member extends { readonly name: string }>(
    open: string,
    close: string,
    read: () => Member,
  ): ReadonlyMap<string, Member> {
    const members = new Map<string, Member>();
    if (!this.#skip(open)) return members;
    while (!this.#skip(close)) {
      const member = read();
      members.set(member.name, member);
    }
    return members;
  }

  #names(between: string): readonly string[] {
    const names = [this.#next()];
    while (this.#skip(between)) names.push(this.#next());
    return names;
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at]?.[0];
  }

  #skip(text: string): boolean {
    if (this.#peek() !== text) return false;
    this.#at += 1;
    return true;
  }

  #next(): string {
    const text = this.#peek();
    if (text === undefined) throw new SyntaxError(`A generated schema ends too early: ${this.#text.slice(0, 80)}`);
    this.#at += 1;
    return text;
  }
}
