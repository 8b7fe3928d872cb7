// One way to the server with everything that keeps it permanent: one connection after the other, and the operations on them.
// A session over one transport has one; over a route it has as many as that, each with its own life.

import type { OperationRequest, Transport } from '../transport/contract.js';
import { connectPolicy } from './connect-policy.js';
import type { CredentialsSource } from './credentials.js';
import { Dispatcher } from './dispatcher.js';
import { Driver } from './driver.js';
import type { InterceptorSession } from './interceptors.js';
import type { ConnectionNotice } from './notices.js';
import type { Untimed } from './notifier.js';
import type { ResolvedOptions } from './options.js';
import type { Outgoing } from './outgoing.js';
import type { RequestedPause } from './requested-pause.js';

/** What the lanes of a session have in common. */
export interface LaneShare {
  readonly options: ResolvedOptions;
  readonly credentials: CredentialsSource;
  readonly outgoing: Outgoing;
  readonly pause: RequestedPause;
  /** For interceptors. */
  readonly session: InterceptorSession;
}

/** What a lane tells its session. */
export interface LaneOwner {
  stateChanged(lane: Lane): void;
  /** It gives up, and so many operations are about to fail with the cause. */
  givesUp(operations: number): void;
  connectionNotice(notice: Untimed<ConnectionNotice>): void;
}

export class Lane {
  readonly takes: (request: OperationRequest) => boolean;
  readonly driver: Driver;
  readonly dispatcher: Dispatcher;

  constructor(
    { transport, takes }: { readonly transport: Transport; readonly takes: (request: OperationRequest) => boolean },
    share: LaneShare,
    owner: LaneOwner,
  ) {
    const { options, credentials } = share;
    const { retry, random, liveness } = options;
    this.takes = takes;
    const policy = connectPolicy(retry, credentials.canRefresh, random);
    this.driver = new Driver(options, transport, credentials, policy, {
      use: (retiring) => this.dispatcher.changes.use(retiring),
      interrupted: (link, failure) => this.dispatcher.changes.interrupted(link, failure),
      gaveUp: (cause, attempts) => {
        owner.givesUp(this.dispatcher.table.size);
        this.dispatcher.changes.gaveUp(cause, attempts);
      },
      shed: () => this.dispatcher.changes.shed(),
      expired: () => this.dispatcher.changes.expired(),
      hasAnswered: ({ generation }) => this.dispatcher.answeredOn === generation,
      relieved: () => this.dispatcher.flush(),
      probe: (link) => this.dispatcher.probe(link, liveness?.probe ?? ''),
      stateChanged: () => {
        this.dispatcher.review();
        owner.stateChanged(this);
      },
      connectionNotice: (notice) => owner.connectionNotice(notice),
    });
    this.dispatcher = new Dispatcher(share, this.driver);
  }
}
