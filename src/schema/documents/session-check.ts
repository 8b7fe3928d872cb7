// The checks of one session's requests: against which schema, from when on, and what becomes of a request while there is none
// or where it may be too old.

import { prepareDocument } from '../../protocol/document.js';
import { DocumentError } from '../../protocol/errors/document-error.js';
import { SessionClosedError } from '../../session/errors/session-closed-error.js';
import type { InterceptorSession } from '../../session/interceptors.js';
import type { Schema } from '../schema.js';
import type { SchemaCache } from '../sources/cache/schema-cache.js';
import type { AskedSession } from '../sources/introspection/ask.js';
import { loadSchema } from '../sources/load-schema.js';
import { schemaOfSession } from '../sources/server.js';
import { type CheckedRequest, faultOf, type RequestFault } from './request-fault.js';
import { type LoadedNow, SchemaInUse } from './schema-in-use.js';

export interface CheckSettings {
  /** A schema that is there already, or where it is loaded from. Undefined: the session's own server is asked. */
  readonly schema: Schema | { readonly from: string | URL | object } | undefined;
  readonly schemaFirst: boolean;
  readonly cache: SchemaCache | undefined;
  readonly cacheKey: string | undefined;
  readonly onError: ((error: Error) => void) | undefined;
}

export class SessionCheck {
  readonly #session: InterceptorSession;
  readonly #settings: CheckSettings;
  /** Undefined: it has to be loaded. */
  readonly #given: Schema | undefined;
  readonly #loaded: SchemaInUse;
  /** The questions for the schema, which must not wait for it. */
  readonly #questions = new Set<string>();
  #told = false;

  constructor(session: InterceptorSession, settings: CheckSettings) {
    this.#session = session;
    this.#settings = settings;
    this.#given = settings.schema === undefined || 'from' in settings.schema ? undefined : settings.schema;
    this.#loaded = new SchemaInUse({
      clock: session.clock,
      load: (anew) => this.#load(anew),
      failed: (error) => this.#tell(error),
    });
    if (this.#given === undefined) this.#loaded.load();
  }

  /** What is wrong with a request, when that is known. Undefined, at once or then: it passes. Never rejects. */
  of(request: CheckedRequest): Promise<RequestFault | undefined> | undefined {
    if (request.query === '' || this.#questions.has(request.query)) return undefined;
    const schema = this.#given ?? this.#loaded.schema;
    if (schema !== undefined) return this.#against(schema, request);
    const loading = this.#loaded.load();
    return this.#settings.schemaFirst ? loading?.then((loaded) => loaded && this.#against(loaded, request)) : undefined;
  }

  async #against(schema: Schema, request: CheckedRequest): Promise<RequestFault | undefined> {
    try {
      const fault = await faultOf(request, schema);
      // What does not parse is right for no schema.
      if (fault === undefined || fault instanceof DocumentError || schema === this.#given) return fault;
      const upToDate = await this.#loaded.upToDate();
      return upToDate === schema ? fault : upToDate && (await faultOf(request, upToDate));
    } catch (error) {
      this.#tell(error);
      return undefined;
    }
  }

  async #load(anew: boolean): Promise<LoadedNow> {
    const { clock, firstReady } = this.#session;
    const { schema: source, cache, cacheKey, onError } = this.#settings;
    if (source === undefined) await firstReady;
    const askedAt = cache === undefined || anew ? clock.now() : Number.NEGATIVE_INFINITY;
    const options = {
      cache: cache && anew ? neverRead(cache) : cache,
      cacheKey,
      onError,
      now: () => clock.now(),
    };
    const schema = await (source !== undefined && 'from' in source
      ? loadSchema(source.from, options)
      : schemaOfSession(this.#asked(), options));
    this.#told = false;
    return { schema, askedAt };
  }

  #asked(): AskedSession {
    return {
      result: (document, ...call) => {
        this.#questions.add(prepareDocument(document).text);
        return this.#session.result(document, ...call);
      },
    };
  }

  #tell(error: unknown): void {
    // The program closed the session while its server was being asked.
    if (this.#told || error instanceof SessionClosedError) return;
    this.#told = true;
    const { onError = warn } = this.#settings;
    try {
      onError(error instanceof Error ? error : new Error(String(error)));
    } catch (thrown) {
      console.error('holdfast: the option "onError" of withSchema() threw.', thrown);
    }
  }
}

/** What is loaded by way of it is new, and kept. */
function neverRead(cache: SchemaCache): SchemaCache {
  return { maxAgeMs: cache.maxAgeMs, get: () => undefined, set: (key, entry) => cache.set(key, entry) };
}

function warn({ message }: Error): void {
  console.warn(
    `holdfast: withSchema() lets calls pass unchecked, and tries again later. ${message} To switch it off, take it out of ` +
      "the interceptors of the session; to check without asking the server, give it a schema, as in withSchema({ schema: 'schema.graphql' }).",
  );
}
