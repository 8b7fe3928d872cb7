// The program's provider of credentials: as a rule quick and right, at times slow, failing, silent, or giving what the server
// does not accept any more. It checks that nobody asks it twice at a time, and that what it gave last is what is used.

import type { CredentialsProvider } from '../../session/credentials.js';
import type { Credentials, Transport } from '../../transport/contract.js';
import type { Report } from './report.js';
import type { SimulationClock } from './simulation-clock.js';
import type { Token, Tokens } from './tokens.js';

export type ProviderMode = 'is quick' | 'is slow' | 'throws' | 'never answers' | 'gives old ones';

type Why = Parameters<CredentialsProvider>[0];

export interface ProviderOptions {
  readonly clock: SimulationClock;
  readonly report: Report;
  readonly tokens: Tokens;
  /** How long it takes as a rule, ms. */
  readonly usualMs: number;
  /** Where the server expects the token. */
  readonly via: 'params' | 'headers';
}

export class ModelProvider {
  mode: ProviderMode = 'is quick';
  /** How long it takes while it is slow, ms. */
  takesMs = 0;
  readonly #options: ProviderOptions;
  #asked: AbortSignal | undefined;
  /** What it gave last to somebody who still waited for it. */
  #newest: Token | undefined;

  constructor(options: ProviderOptions) {
    this.#options = options;
  }

  readonly provide: CredentialsProvider = async (why) => {
    const { report } = this.#options;
    report.count(`credentials:${why.reason}`);
    report.note(() => `the provider is asked (${why.reason}) and ${this.mode}`);
    report.check(this.#asked === undefined || this.#asked.aborted, () => 'The provider was asked twice at a time.');
    report.check(
      why.reason === 'expiring' || (why.reason === 'refused') === (why.failure !== undefined),
      () => `The provider was asked because of "${why.reason}", and was told of ${why.failure?.code ?? 'no failure'}.`,
    );
    this.#asked = why.signal;
    try {
      const token = await this.#find();
      if (!why.signal.aborted) this.#newest = token;
      return this.#credentials(token);
    } finally {
      this.#over(why);
    }
  };

  /** The same transport, with a look at what each connection is opened with. */
  watch(transport: Transport): Transport {
    return {
      name: transport.name,
      open: (context, events) => {
        const given = JSON.stringify(context.credentials);
        const newest = this.#newest && JSON.stringify(this.#credentials(this.#newest));
        this.#options.report.check(
          given === newest,
          () => 'A connection was opened with other than the newest credentials.',
        );
        return transport.open(context, events);
      },
    };
  }

  async #find(): Promise<Token> {
    const { clock, tokens, usualMs } = this.#options;
    const { mode } = this;
    if (mode === 'throws') throw new Error('The place where tokens are given out is closed.');
    if (mode === 'never answers') await new Promise(() => {});
    const takesMs = mode === 'is slow' ? this.takesMs : usualMs;
    if (takesMs > 0) await clock.sleep(takesMs);
    return mode === 'gives old ones' && this.#newest !== undefined ? this.#newest : tokens.issue();
  }

  #credentials({ text, expiresAt }: Token): Credentials {
    return {
      ...(this.#options.via === 'params'
        ? { connectionParams: { token: text } }
        : { headers: { authorization: text } }),
      ...(Number.isFinite(expiresAt) ? { expiresAt } : undefined),
    };
  }

  #over({ signal }: Why): void {
    if (this.#asked === signal) this.#asked = undefined;
  }
}
