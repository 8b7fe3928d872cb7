// The model server as an executor in the session's own process: nothing breaks between the two, and single operations fail.

import type { OperationPayload } from '../../protocol/dialects/dialect.js';
import type { Execution, ExecutionContext, Executor } from '../../protocol/executor.js';
import type { Result } from '../../protocol/result.js';
import type { Ledger } from './ledger.js';
import { LocalFeed } from './local-feed.js';
import type { ModelServer } from './model-server.js';
import { type Asked, readAsked } from './questions.js';
import type { Wire } from './wire.js';

export class ModelExecutor implements Executor {
  readonly #server: ModelServer;
  readonly #ledger: Ledger;
  readonly #wire: Wire;

  /** `wire` stands for the process in what is written down. */
  constructor(server: ModelServer, ledger: Ledger, wire: Wire) {
    this.#server = server;
    this.#ledger = ledger;
    this.#wire = wire;
  }

  async execute(payload: OperationPayload, { signal }: ExecutionContext): Promise<Execution> {
    const { report, clock } = this.#server;
    const asked = readAsked(payload);
    const harmful = payload.query.includes('poison');
    if (asked.kind === 'subscription' && harmful) {
      return { kind: 'refused', errors: [{ message: `error of ${asked.token}` }] };
    }
    // An executor promises not to; operations have to bear it.
    if (this.#server.throws || harmful) {
      report.count('fault:executor throws');
      throw new Error('The executor cannot stand this.');
    }
    if (asked.kind === 'subscription') return this.#subscribe(asked);
    if (asked.kind === 'mutation') {
      await clock.sleep(asked.ms / 2);
      if (!signal.aborted || this.#server.scenario.finishesOrphans) this.#server.run(asked.token);
      await clock.sleep(asked.ms / 2);
    } else await clock.sleep(asked.ms);
    return this.#answer(asked);
  }

  #subscribe(asked: Asked): Execution {
    const { journal, feeds, clock } = this.#server;
    // It was written down as sent just before.
    const id = this.#ledger.operations.get(asked.token)?.lastFrame?.id ?? '';
    const stream = journal.openStream(asked.token, id, this.#wire, clock.now());
    const feed = new LocalFeed(stream, asked, this.#pad, () => feeds.delete(feed));
    feeds.add(feed);
    return { kind: 'stream', events: feed };
  }

  #answer({ answer, token }: Asked): Execution {
    const result = (value: Result): Execution => ({ kind: 'result', result: value });
    switch (answer) {
      case 'data':
        return result({ data: { token } });
      case 'errors':
        return result({ data: null, errors: [{ message: `errors of ${token}` }] });
      case 'error':
        return { kind: 'refused', errors: [{ message: `error of ${token}` }] };
      case 'nothing':
        return { kind: 'stream', events: { next: () => Promise.resolve({ done: true, value: undefined }) } };
      default:
        return result({ data: { token, pad: this.#pad } });
    }
  }

  get #pad(): string {
    return 'x'.repeat(this.#server.scenario.session.maxMessageBytes);
  }
}
