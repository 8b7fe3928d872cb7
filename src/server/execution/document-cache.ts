// Every document is parsed and validated once per text, not once per operation: both cost far more than executing it.
// Least recently used texts go first. Bounded by number and by length, because a peer chooses the texts.

import type { DocumentNode } from 'graphql';
import type { Errors } from '../../protocol/to-graphql-error.js';

/** A document ready to execute, or the errors that make it unusable. */
export type PreparedDocument =
  | { readonly document: DocumentNode; readonly errors?: undefined }
  | { readonly document?: undefined; readonly errors: Errors };

const maxDocuments = 1_000;
const maxCharacters = 2 ** 20;
/** A longer document is prepared each time: one of them would push out many ordinary ones. */
const maxCharactersEach = 2 ** 16;

export class DocumentCache {
  // A Map iterates in the order of insertion: the first key is the one not used for longest.
  readonly #prepared = new Map<string, PreparedDocument>();
  readonly #prepare: (text: string) => PreparedDocument;
  #characters = 0;

  constructor(prepare: (text: string) => PreparedDocument) {
    this.#prepare = prepare;
  }

  get size(): number {
    return this.#prepared.size;
  }

  get(text: string): PreparedDocument {
    const known = this.#prepared.get(text);
    if (known !== undefined) {
      this.#prepared.delete(text);
      this.#prepared.set(text, known);
      return known;
    }
    const prepared = this.#prepare(text);
    if (text.length <= maxCharactersEach) this.#add(text, prepared);
    return prepared;
  }

  #add(text: string, prepared: PreparedDocument): void {
    this.#prepared.set(text, prepared);
    this.#characters += text.length;
    for (const oldest of this.#prepared.keys()) {
      if (this.#prepared.size <= maxDocuments && this.#characters <= maxCharacters) break;
      this.#prepared.delete(oldest);
      this.#characters -= oldest.length;
    }
  }
}
