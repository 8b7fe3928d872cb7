// Everything that one run consists of, as its parts see it.

import type { Session } from '../../session/session.js';
import type { Ledger } from './ledger.js';
import type { ModelProvider } from './model-provider.js';
import type { ModelServer } from './model-server.js';
import type { Network } from './network.js';
import type { Report } from './report.js';
import type { Scenario } from './scenario.js';
import type { OwnedClock, SimulationClock } from './simulation-clock.js';

/** When the program closed the session. */
export interface Closing {
  readonly at: number;
  readonly graceMs: number;
}

export interface World {
  readonly scenario: Scenario;
  readonly clock: SimulationClock;
  /** The session's view of the clock. */
  readonly sessionClock: OwnedClock;
  /** How long the session waits for a sign that a suspect did no harm, ms. */
  readonly trialMs: number;
  readonly report: Report;
  readonly ledger: Ledger;
  readonly server: ModelServer;
  readonly network: Network;
  /** Of credentials; undefined where there are none. */
  readonly provider: ModelProvider | undefined;
  readonly session: Session;
  closing: Closing | undefined;
}
