// Finds the operations of a GraphQL document without building a tree: GraphQL specification, September 2025, section 2.3.
// Checks what tokens alone can show: every definition is executable and has a body, and its brackets match.

import type { OperationKind } from '../result.js';
import { fault, type Token, tokenize } from './lexer.js';

export interface Operation {
  readonly kind: OperationKind;
  /** Undefined where the operation is anonymous. */
  readonly name: string | undefined;
}

export const operationKinds: readonly OperationKind[] = ['query', 'mutation', 'subscription'];
const closers: ReadonlyMap<string, string> = new Map([
  ['{', '}'],
  ['(', ')'],
  ['[', ']'],
]);

/** The operations of `text` in order, at least one. Throws a DocumentError where there can be none. */
export function scanOperations(text: string): readonly Operation[] {
  const tokens = tokenize(text);
  const operations: Operation[] = [];
  for (let at = 0; at < tokens.length; ) {
    const first = tokens[at] as Token;
    const second = tokens[at + 1]?.text ?? '';
    const kind = operationKinds.find((keyword) => keyword === first.text);
    if (kind !== undefined) operations.push({ kind, name: /^\w/.test(second) ? second : undefined });
    else if (first.text === '{') operations.push({ kind: 'query', name: undefined });
    else if (first.text.startsWith('"')) {
      at++; // the description of the definition that follows
      continue;
    } else if (first.text !== 'fragment') throw fault(text, first.start, 'only operations and fragments can be sent');
    at = endOfDefinition(text, tokens, at);
  }
  if (operations.length > 0) return operations;
  throw fault(text, text.length, 'add an operation, as in query Name { field }');
}

/** The index after the bracket that closes the body of the definition that starts at `start`. */
function endOfDefinition(text: string, tokens: readonly Token[], start: number): number {
  const open = [tokens[start] as Token];
  for (let at = start; at < tokens.length; at++) {
    const token = tokens[at] as Token;
    if (closers.has(token.text)) open.push(token);
    else if (/^[)\]}]/.test(token.text)) {
      const opener = open.pop()?.text ?? '';
      if (closers.get(opener) !== token.text) throw fault(text, token.start, `does not close ${opener}`);
      if (token.text === '}' && open.length === 1) return at + 1;
    }
  }
  const unclosed = open.pop() as Token;
  throw fault(text, unclosed.start, `add the missing ${closers.get(unclosed.text) ?? '{ field }'}`);
}
