// The steps of a schedule, as plain data: what goes wrong and what the program does, each with its time and with everything
// that was left to chance already decided. What is optional is left out where it does not happen.

import type { WhenFull } from '../../session/buffer-options.js';
import type { ProviderMode } from './model-provider.js';
import type { Answer } from './questions.js';

/** Which of the server's connections it happens to. */
export type Target = 'oldest' | 'newest';

interface At {
  /** Milliseconds since the session was made. */
  readonly at: number;
}

export type FaultStep = At &
  (
    | { readonly do: 'cut' }
    | { readonly do: 'close'; readonly code: number; readonly target: Target }
    /** The server's side learns by itself after a while; the session's side has to find out. */
    | { readonly do: 'half-open'; readonly direction: 'both' | 'up' | 'down'; readonly noticedAfterMs: number }
    | { readonly do: 'stall'; readonly direction: 'up' | 'down'; readonly forMs: number }
    | { readonly do: 'backlog'; readonly forMs: number }
    /** New connections are refused for a while; `cuts`: the present one is cut, so that there are new ones. */
    | { readonly do: 'unreachable' | 'connect hangs' | 'no ack'; readonly forMs: number; readonly cuts?: boolean }
    | { readonly do: 'connection_error'; readonly forMs: number; readonly cuts?: boolean }
    | { readonly do: 'close before ack'; readonly code: number; readonly forMs: number; readonly cuts?: boolean }
    | {
        readonly do: 'status';
        readonly status: number;
        readonly retryAfterS?: number;
        readonly forMs: number;
        readonly cuts?: boolean;
      }
    /** The server dies and comes back, in `keys change` with another mind about idempotency keys. */
    | { readonly do: 'crash' | 'keys change'; readonly forMs: number }
    | {
        readonly do: 'going away';
        readonly withinMs: number;
        /** When it really closes; left out: it leaves that to the session. */
        readonly closesAfterMs?: number;
        /** Nobody else is there for so long. */
        readonly unreachableForMs?: number;
        readonly target: Target;
      }
    | { readonly do: 'garbage'; readonly text: string; readonly target: Target }
    /** An answer that nobody asked for, or to an operation that is over. */
    | { readonly do: 'wrong id'; readonly finished: boolean; readonly target: Target }
    | { readonly do: 'duplicate'; readonly times: number; readonly target: Target }
    | { readonly do: 'late answer'; readonly target: Target }
    /** The provider of credentials does as it should not, for a while. */
    | { readonly do: 'provider'; readonly mode: ProviderMode; readonly takesMs?: number; readonly forMs: number }
    /** For a while the executor within the process throws instead of answering. */
    | { readonly do: 'executor fails'; readonly forMs: number }
    /** No token is good any more; `cuts`: not even for connections that are open. */
    | { readonly do: 'revoke'; readonly cuts?: boolean }
  );

export type CallStep = At & {
  readonly do: 'call';
  readonly kind: 'query' | 'mutation';
  /** The server closes the connection at its sight. */
  readonly poisonous?: boolean;
  readonly answer: Answer;
  /** How long the server takes, ms. */
  readonly ms: number;
  readonly deadlineMs?: number;
  /** Its signal aborts after so long; 0: before the call. */
  readonly abortAfterMs?: number;
  /** Its own retry rule: how often it may be sent, how fast, and whether answers with errors are retried. */
  readonly attempts?: number;
  readonly quickly?: boolean;
  readonly retriesErrors?: boolean;
  readonly ownKey?: boolean;
  /** Asks for the whole result, which does not throw for GraphQL errors. */
  readonly wholeResult?: boolean;
};

export type SubscribeStep = At & {
  readonly do: 'subscribe';
  readonly poisonous?: boolean;
  /** How it ends after `events` events; `data`: not. */
  readonly answer: Answer;
  readonly events: number;
  readonly retriesErrors?: boolean;
  readonly abortAfterMs?: number;
  /** What happens when its buffer is full, where it is not as the session says. */
  readonly whenFull?: WhenFull;
  /** How it reads: the events, or the data alone with its gaps handed elsewhere or failing the loop. */
  readonly reads: 'events' | 'data' | 'data-or-fail';
  /** How long its consumer takes for an event, ms. */
  readonly paceMs: number;
  /** After so many events it does nothing for `pauseMs`, once. */
  readonly pauseAfter?: number;
  readonly pauseMs?: number;
  /** It leaves the loop after so many events. */
  readonly leavesAfter?: number;
};

export type CloseStep = At & {
  readonly do: 'close session';
  readonly graceMs: number;
  /** Not before the next attempt to connect, so long into it. */
  readonly intoAttemptMs?: number;
  /** Closes it again soon, which changes nothing. */
  readonly twice?: boolean;
};

export type ProgramStep =
  | CallStep
  | SubscribeStep
  | CloseStep
  | (At & { readonly do: 'ping'; readonly deadlineMs: number; readonly number: number })
  | (At & { readonly do: 'ready'; readonly deadlineMs: number; readonly abortAfterMs?: number })
  | (At & { readonly do: 'reconnect' });

export type Step = FaultStep | ProgramStep;

/** What a fault is called in counters: those that come in kinds, by kind. */
export function nameOfFault(fault: FaultStep): string {
  switch (fault.do) {
    case 'close':
      return `close ${fault.code}`;
    case 'status':
      return `status ${fault.status}`;
    case 'provider':
      return `provider ${fault.mode}`;
    case 'stall':
      return `stall ${fault.direction}`;
    case 'half-open':
      return fault.direction === 'both' ? 'half-open' : `half-open ${fault.direction}`;
    default:
      return fault.do;
  }
}

const programSteps: readonly string[] = ['call', 'subscribe', 'close session', 'ping', 'ready', 'reconnect'];

export function isFault(step: Step): step is FaultStep {
  return !programSteps.includes(step.do);
}
