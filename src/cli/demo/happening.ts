// What can happen in the demo: the one stream of facts that every way of showing it is fed with.

import type { SessionState } from '../../session/state.js';
import type { Gap } from '../../session/subscription-event.js';
import type { FaultKind, FaultRecord } from './faults.js';
import type { CallRecord, InFlight } from './workload.js';

export type Happening =
  | {
      readonly type: 'server-listens';
      readonly pid: number | undefined;
      readonly port: number;
      readonly again: boolean;
    }
  /** `nextAttemptInMs` is there while the session waits for its next attempt to connect. */
  | { readonly type: 'state'; readonly state: SessionState; readonly nextAttemptInMs: number | undefined }
  | { readonly type: 'fault'; readonly kind: FaultKind; readonly title: string; readonly inFlight: InFlight }
  | { readonly type: 'recovered'; readonly fault: FaultRecord }
  | { readonly type: 'call-begun' }
  | { readonly type: 'call-settled'; readonly call: CallRecord }
  /** Mutations that became unknown in one turn. */
  | { readonly type: 'outcomes-unknown'; readonly count: number }
  | { readonly type: 'every-call-settled' }
  /** `missed` is there on the first event after a gap: how many the gap swallowed. */
  | { readonly type: 'event'; readonly sequence: number; readonly missed: number | undefined }
  | { readonly type: 'gap'; readonly gap: Gap; readonly after: number };

/** Takes what happens, when it happens. */
export type Tell = (happening: Happening) => void;
