// From the text of a document to operations that can be run: parsed, checked against our limits, then validated. Once per text,
// not once per operation: both cost far more than executing it. GraphQL specification, sections 2 and 5.

import type { DocumentNode, GraphQLSchema, ParseOptions } from 'graphql';
import type { GraphQLError } from '../../protocol/result.js';
import { type Errors, toErrors } from '../../protocol/to-graphql-error.js';
import type { ResolvedLimits } from '../server-limits.js';
import type { Engine } from './engine.js';
import type { GraphQLModule } from './graphql-module.js';
import type { PreparedDocument } from './prepared.js';
import { RecentlyUsed } from './recently-used.js';
import { tooManyAliases } from './rules/aliases.js';
import { nameComparisonLimit } from './rules/comparisons.js';
import { tooDeep } from './rules/depth.js';
import { operationsOf } from './rules/fragments.js';
import { introspects } from './rules/introspection.js';
import { withoutSuggestion } from './rules/suggestions.js';
import { nameTokenLimit } from './rules/tokens.js';

export interface DocumentsOptions {
  readonly graphql: GraphQLModule;
  readonly schema: GraphQLSchema;
  readonly engine: Engine;
  readonly limits: Pick<ResolvedLimits, 'depth' | 'aliases' | 'tokens'>;
  /** Whether introspection and suggestions are on. */
  readonly development: boolean;
  /** What the documents that are kept may take, bytes. Default 16 MiB. */
  readonly capacityBytes?: number | undefined;
}

/** How many errors a document is told of: enough to mend it, and no page of text for a line of it. */
const maxErrors = 20;

// What graphql-js makes of a text was measured: about 240 bytes for each lexical token, its node and its place included.
const bytesPerToken = 256;
const bytesPerEntry = 512;

export class Documents {
  readonly #options: DocumentsOptions;
  readonly #parseOptions: ParseOptions;
  readonly #known: RecentlyUsed<string, PreparedDocument>;
  readonly #largestBytes: number;

  constructor(options: DocumentsOptions) {
    const { capacityBytes = 16 * 1024 * 1024, limits } = options;
    this.#options = options;
    this.#parseOptions = limits.tokens === Number.POSITIVE_INFINITY ? {} : { maxTokens: limits.tokens };
    this.#known = new RecentlyUsed(capacityBytes);
    // One that is larger is prepared each time: it would push out many ordinary ones.
    this.#largestBytes = capacityBytes / 8;
  }

  /** How many documents are kept. */
  get size(): number {
    return this.#known.size;
  }

  /** About what they take, bytes. */
  get bytes(): number {
    return this.#known.cost;
  }

  /** Never throws: whatever is wrong with the document is in its errors. */
  get(text: string): PreparedDocument {
    return this.#known.get(text) ?? this.#add(text);
  }

  #add(text: string): PreparedDocument {
    let tokens = 0;
    let prepared: PreparedDocument;
    try {
      const document = this.#options.graphql.parse(text, this.#parseOptions);
      tokens = countTokens(document);
      prepared = this.#check(document);
    } catch (thrown) {
      prepared = this.#refuse(toErrors([thrown]));
    }
    const textBytes = 2 * text.length;
    const own = prepared.errors === undefined ? tokens * bytesPerToken : bytesOfErrors(prepared.errors);
    const cost = bytesPerEntry + textBytes + own;
    if (cost <= this.#largestBytes) this.#known.add(text, prepared, cost);
    return prepared;
  }

  #check(document: DocumentNode): PreparedDocument {
    const { graphql, schema, engine, limits, development } = this.#options;
    // Ours come first: they take a walk over the text, while some of graphql-js' compare every field with every other.
    const limited =
      tooDeep(document, limits.depth) ??
      tooManyAliases(document, limits.aliases) ??
      (development ? undefined : introspects(document));
    if (limited !== undefined) return { errors: [limited] };
    const hidesSuggestions = !development;
    const validateOptions = { maxErrors, hideSuggestions: hidesSuggestions };
    const errors = graphql.validate(schema, document, graphql.specifiedRules, validateOptions);
    if (errors.length > 0) return this.#refuse(toErrors(errors));
    const source = { graphql, schema, document, hidesSuggestions };
    return { operations: operationsOf(document).map((operation) => engine.prepare({ ...source, operation })) };
  }

  #refuse([first, ...rest]: Errors): PreparedDocument {
    const { limits, development } = this.#options;
    const tell = (error: GraphQLError): GraphQLError => {
      const named = nameComparisonLimit(nameTokenLimit(error, limits.tokens));
      return development ? named : { ...named, message: withoutSuggestion(named.message) };
    };
    return { errors: [tell(first), ...rest.map(tell)] };
  }
}

function countTokens(document: DocumentNode): number {
  let tokens = 0;
  for (let token = document.loc?.startToken; token; token = token.next ?? undefined) tokens += 1;
  return tokens;
}

function bytesOfErrors(errors: Errors): number {
  let bytes = 0;
  for (const error of errors) bytes += bytesPerEntry + 2 * error.message.length;
  return bytes;
}
