// What may be given as the type of a scalar, and what would break the module around it.

import { expect, test } from 'vitest';
import { typeFault } from '../../../src/schema/codegen/type-fault.js';

test.each([
  'string',
  'readonly string[]',
  'Map<string, Array<number>>',
  '(value: string) => Promise<Array<number>>',
  '{ readonly at: string, [key: string]: unknown }',
  "'}' | \"'\" | '\\'(' | 'http://example.com'",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a type of TypeScript.
  '`https://${Lowercase<string>}:${number}{`',
  "import('./money.js').Money",
])('%s can stand in a module', (type) => {
  expect(typeFault(type)).toBeUndefined();
});

test.each([
  ['bi gint}', 'has a "}" that closes nothing'],
  ['Array<string', 'has a "<" that is not closed'],
  ['Array<(string>)', 'has a "(" that is not closed'],
  ['string; evil: number', 'has a ";"; members are parted by "," as well'],
  ["'text", 'has a quotation mark that is not closed'],
  ['`text', 'has a quotation mark that is not closed'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a type of TypeScript.
  ['`${Array<string}`', 'has a "<" that is not closed'],
  ['string /* why', 'has a comment'],
  ['string // why', 'has a comment'],
  ['string\nnumber', 'goes over several lines; it must be one'],
])('%s cannot', (type, fault) => {
  expect(typeFault(type)).toBe(fault);
});
