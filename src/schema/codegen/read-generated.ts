// Reads the schema out of the text of a generated module, without running it: to say what a newer schema lacks.

import { generatedSchema } from '../model/compact.js';
import type { Schema } from '../schema.js';

const literal = /\s*(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)")\s*,?/y;

/**
 * The schema that a module was generated from, as far as the module holds it; whatever a formatter has made of its text.
 * Undefined: this is no generated module, or a damaged one.
 */
export function readGenerated(text: string): Schema | undefined {
  const begin = /generatedSchema<\$Types>\(\{\s*source:/.exec(text);
  const list = /\bdefinitions:\s*\[/.exec(text.slice(begin?.index ?? text.length));
  if (begin === null || list === null) return undefined;
  try {
    const [source = 'the generated module'] = literals(text, begin.index + begin[0].length);
    const definitions = literals(text, begin.index + list.index + list[0].length, ']');
    const schema = generatedSchema({ source, definitions });
    // A damaged definition shows when it is read.
    Array.from(schema.model.types.values());
    return schema;
  } catch {
    return undefined;
  }
}

/** The texts that follow one another from there. Throws where `end` does not stand behind the last. */
function literals(text: string, from: number, end = ''): readonly string[] {
  const found: string[] = [];
  let at = from;
  literal.lastIndex = from;
  for (let match = literal.exec(text); match !== null; match = literal.exec(text)) {
    found.push(meaningOf(match[1] ?? match[2] ?? ''));
    at = literal.lastIndex;
  }
  if (!text.slice(at).trimStart().startsWith(end)) throw new SyntaxError('The module is cut off.');
  return found;
}

/** What stands between the quotes, whichever they were, as the text that it means. */
function meaningOf(inside: string): string {
  const json = inside.replace(/\\([\s\S])|"/g, (found, escaped) => {
    if (found === '"') return '\\"';
    return escaped === "'" ? "'" : found;
  });
  return JSON.parse(`"${json}"`) as string;
}
