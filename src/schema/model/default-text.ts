// The text of a default: whether it is a value of GraphQL, and the shortest form of it. Servers tell defaults as texts, and
// some tell what is none, as `<Genre.NEW: 1>`. However long it is, it is gone through once. GraphQL specification, September
// 2025, sections 2.1 (Source Text), 2.9.4 (String Value) and 2.10 (Input Values).

const notIgnored = /[^\uFEFF\t\n\r ,]/g;
const lineEnd = /[\n\r]/g;
const stringBreak = /["\\\n\r]/g;
const blockBreak = /\\?"""/g;
const hex = '[\\da-fA-F]';
const surrogates = `[dD][89abAB]${hex}{2}\\\\u[dD][c-fC-F]${hex}{2}`;
// graphql-js takes eight digits at most.
const escaped = new RegExp(`\\\\(?:["\\\\/bfnrt]|u(?:${surrogates}|(${hex}{4})|\\{(${hex}{1,8})\\}))`, 'y');
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y;
const name = /[_A-Za-z]\w*/y;

/** Readers of GraphQL fail at some depth, each at another. */
const mostLevels = 500;

interface Token {
  /** `leaf`: a number or text. */
  readonly kind: 'leaf' | 'name' | Punctuator;
  readonly shortest: string;
  readonly end: number;
}

type Punctuator = '[' | ']' | '{' | '}' | ':';

/** The value with one form of blanks, commas and texts, without comments. Undefined: it is no value of GraphQL, or several. */
export function shortestValue(text: string): string | undefined {
  // Half of a character is part of no document.
  if (/\p{Surrogate}/u.test(text)) return undefined;
  const parts: string[] = [];
  const shape = new Shape();
  let last = '';
  for (let at = tokenAfter(text, 0); at < text.length; ) {
    const token = tokenAt(text, at);
    if (token === undefined || !shape.takes(token.kind)) return undefined;
    const { shortest, end } = token;
    if (/[\w"]/.test(last) && /^[\w"-]/.test(shortest)) parts.push(' ');
    parts.push(shortest);
    last = shortest.slice(-1);
    at = tokenAfter(text, end);
  }
  return shape.isWhole ? parts.join('') : undefined;
}

/** Where the next one begins, or the text ends. */
function tokenAfter(text: string, from: number): number {
  let at = placeOf(notIgnored, text, from);
  while (text[at] === '#') at = placeOf(notIgnored, text, placeOf(lineEnd, text, at));
  return at;
}

/** Undefined: there is none. */
function tokenAt(text: string, at: number): Token | undefined {
  const first = text.charAt(at);
  if (isPunctuator(first)) return { kind: first, shortest: first, end: at + 1 };
  if (first === '"') return text.startsWith('"""', at) ? blockAt(text, at) : stringAt(text, at);
  const word = foundAt(name, text, at);
  if (word !== undefined) return { kind: 'name', shortest: word[0], end: at + word[0].length };
  const digits = foundAt(number, text, at);
  return digits && { kind: 'leaf', shortest: digits[0], end: at + digits[0].length };
}

function isPunctuator(character: string): character is Punctuator {
  return /^[[\]{}:]$/.test(character);
}

function stringAt(text: string, start: number): Token | undefined {
  let at = placeOf(stringBreak, text, start + 1);
  while (text[at] === '\\') {
    const [found, four, braced] = foundAt(escaped, text, at) ?? [];
    if (found === undefined || !isCharacter(four ?? braced ?? '0')) return undefined;
    at = placeOf(stringBreak, text, at + found.length);
  }
  return text[at] === '"' ? { kind: 'leaf', shortest: text.slice(start, at + 1), end: at + 1 } : undefined;
}

/** Whether it is no half of one, and not beyond the last one of Unicode. */
function isCharacter(hexadecimal: string): boolean {
  const code = Number.parseInt(hexadecimal, 16);
  return code < 0xd800 || (code > 0xdfff && code <= 0x10ffff);
}

function blockAt(text: string, start: number): Token | undefined {
  let at = placeOf(blockBreak, text, start + 3);
  while (text[at] === '\\') at = placeOf(blockBreak, text, at + 4);
  if (at === text.length) return undefined;
  const inside = text.slice(start + 3, at).replaceAll('\\"""', '"""');
  return { kind: 'leaf', shortest: JSON.stringify(blockValue(inside)), end: at + 3 };
}

/** Without the indentation that all lines but the first have in common, and without blank lines at both ends. */
function blockValue(inside: string): string {
  const lines = inside.split(/\r\n|[\n\r]/);
  const indents = lines.map((line) => line.search(/[^\t ]/));
  const common = indents.slice(1).reduce((least, indent) => (indent < 0 ? least : Math.min(least, indent)), Infinity);
  const isText = (indent: number): boolean => indent >= 0;
  return lines
    .map((line, index) => (index === 0 ? line : line.slice(common)))
    .slice(Math.max(0, indents.findIndex(isText)), indents.findLastIndex(isText) + 1)
    .join('\n');
}

/** Where a pattern is found next; the end of the text where it is not. */
function placeOf(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? text.length;
}

function foundAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

/** Whether tokens, one after the other, are one value. */
class Shape {
  readonly #open: ('[' | '{')[] = [];
  #awaited: 'value' | 'name' | ':' | 'nothing' = 'value';

  get isWhole(): boolean {
    return this.#awaited === 'nothing';
  }

  /** False: it cannot stand here. */
  takes(kind: Token['kind']): boolean {
    if (kind === '[' || kind === '{') return this.#opens(kind);
    if (kind === ']') return this.#awaited === 'value' && this.#closes('[');
    if (kind === '}') return this.#awaited === 'name' && this.#closes('{');
    if (kind === 'name' && this.#awaited === 'name') return this.#awaits(':');
    if (kind === ':') return this.#awaited === ':' && this.#awaits('value');
    return this.#awaited === 'value' && this.#endsValue();
  }

  #opens(kind: '[' | '{'): boolean {
    if (this.#awaited !== 'value' || this.#open.length === mostLevels) return false;
    this.#open.push(kind);
    return this.#awaits(kind === '[' ? 'value' : 'name');
  }

  #closes(kind: '[' | '{'): boolean {
    return this.#open.at(-1) === kind && this.#open.pop() !== undefined && this.#endsValue();
  }

  #endsValue(): boolean {
    const around = this.#open.at(-1);
    if (around === undefined) return this.#awaits('nothing');
    return this.#awaits(around === '[' ? 'value' : 'name');
  }

  #awaits(next: 'value' | 'name' | ':' | 'nothing'): true {
    this.#awaited = next;
    return true;
  }
}
