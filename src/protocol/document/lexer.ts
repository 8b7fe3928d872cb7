// The tokens of a GraphQL document: GraphQL specification, September 2025, section 2.1. Values are not read, only where
// each token ends and whether every character of it is legal there.

import { DocumentError } from '../errors/document-error.js';
import { describe } from '../options.js';

export interface Token {
  readonly text: string;
  readonly start: number;
}

// In order: ignored (the one group), name, punctuator, number, block string, string. Each can match in one way only, so that
// no text takes more than linear time.
const lexeme =
  /([\ufeff\t\n\r ,]+|#[^\n\r]*)|[^\W\d]\w*|\.{3}|[!$&():=@[\]{|}]|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[Ee][+-]?\d+)?(?![\w.])|"""[^"\\]*(?:(?:\\(?:"""|(?!"""))|""?(?!"))[^"\\]*)*"""|"(?!"")[^"\\\n\r]*(?:\\(?:["\\/bfnrt]|u(?:[\dA-Fa-f]{4}|\{[\dA-Fa-f]+\}))[^"\\\n\r]*)*"|([\s\S])/g;

/** Throws a DocumentError at the first character that belongs to no token. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const { 0: token, 1: ignored, 2: illegal, index } of text.matchAll(lexeme)) {
    if (illegal) throw fault(text, index, illegal === '"' ? 'unclosed string or unknown escape' : 'not GraphQL');
    if (!ignored) tokens.push({ text: token, start: index });
  }
  const loneSurrogate = text.search(/\p{Cs}/u);
  if (loneSurrogate >= 0) throw fault(text, loneSurrogate, 'half a character');
  return tokens;
}

/** An error that shows the place: line, column, and how the text goes on there. */
export function fault(text: string, at: number, what: string): DocumentError {
  const lines = text.slice(0, at).split(/\r\n|\n|\r/);
  const line = lines.length;
  const column = (lines.at(-1) ?? '').length + 1;
  const rest = describe(text.slice(at, at + 20));
  return new DocumentError(
    `Correct the document in line ${line}, column ${column}, at ${rest}: ${what}.`,
    line,
    column,
  );
}
