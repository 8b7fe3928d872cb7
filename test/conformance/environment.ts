// What the conformance suite runs on, as types: the session's package, a server with a world behind it, and hands that reach
// into that world. The suite itself is plain JavaScript, so that a page runs the very files that Node runs.

import type { Credentials, Failure, Route, Session, SessionOptions, Transport } from '../../src/index.js';

/**
 * What not every environment has. One that lacks something says why, and the suite proves that it is so.
 * - `network`: connections that can be cut and refused;
 * - `one-connection`: everything goes over one connection, which is opened before anything is sent and lost as a whole;
 * - `known-unsent`: of an operation for which the server could not be reached it is known that it was not sent;
 *   `known-waiting`: also while the server is being reached;
 * - `sent-once`: nothing below the session sends a request again by itself;
 * - `many-at-once`: any number of operations run at the same time;
 * - `connect-hook`: the server may refuse a connection; `request-status`: it answers each request with an HTTP status, and may
 *   refuse it with one; `upgrade-status`: the session learns the HTTP status that its upgrade was refused with;
 * - `ping`: the session can ask for a sign of life;
 * - `parking`: a slow subscription is stopped and started again; `holding-back`: it is paused, and misses nothing;
 * - `syntax-errors`: a document that the server cannot parse fails its operation alone;
 * - `early-stop`: a subscription that is stopped while it starts is closed;
 * - `abort`: the server's resolvers learn that nobody waits for them any more.
 */
export type Capability =
  | 'network'
  | 'one-connection'
  | 'known-unsent'
  | 'known-waiting'
  | 'sent-once'
  | 'many-at-once'
  | 'connect-hook'
  | 'request-status'
  | 'upgrade-status'
  | 'ping'
  | 'parking'
  | 'holding-back'
  | 'syntax-errors'
  | 'early-stop'
  | 'abort';

/** What the world has seen so far, and what it holds at this moment. */
export interface Counts {
  /** Connections that the server has now. Sockets that a platform keeps for later without our doing are none. */
  readonly connections: number;
  /** Connections that have reached the server's door since the start, and those that were turned away before it. */
  readonly accepted: number;
  readonly refused: number;
  /** How often a field was executed, by field and key, as in `add:one`. */
  readonly executed: Readonly<Record<string, number>>;
  /** Resolvers that wait to be released. */
  readonly held: number;
  /** Resolvers that learned, while they waited, that nobody waits for them. */
  readonly aborted: number;
  /** Sources of subscriptions that run, and how many have been opened since the start, by field and key. */
  readonly sources: number;
  readonly opened: Readonly<Record<string, number>>;
}

export type ExpectedCounts = { readonly [Name in keyof Counts]?: Counts[Name] };

/** The world outside, which may be in another process. */
export interface Control {
  counts(): Promise<Counts>;
  /** Resolves when these counts are there, rejects with the present ones when they do not come. */
  until(expected: ExpectedCounts): Promise<Counts>;
  /** Hands values to every source of this topic. */
  publish(topic: string, ...values: string[]): Promise<void>;
  /** Ends every source of this topic. */
  finish(topic: string): Promise<void>;
  /** Lets the resolvers at this gate go on, and whoever comes there later. */
  release(gate: string): Promise<void>;
  /** From now on only connections or requests whose identity holds this token are accepted; null: any. */
  demand(token: string | null): Promise<void>;
  /** Ends every connection, without a closing handshake. */
  cut(): Promise<void>;
  /** Lets everything on the live connections vanish. */
  halfOpen(): Promise<void>;
  /** Turns new connections away until `accept`. */
  refuse(): Promise<void>;
  accept(): Promise<void>;
}

export type TestedSessionOptions = { readonly [Name in keyof SessionOptions]?: SessionOptions[Name] };

/** Who a session says that it is. */
export type Identity = Readonly<Record<string, unknown>>;

/** What differs between the ways to a server. */
export interface Way {
  /** The credentials that carry an identity: parameters of a connection, or headers. */
  credentials(identity: Identity): Credentials;
  /** What a session is told when the connection of a subscription is cut. */
  readonly lost: Partial<Failure>;
  /** Everything that is tried again is tried again after a millisecond. */
  readonly retry: SessionOptions['retry'];
}

export interface Env extends Omit<Way, 'retry'> {
  /** The package. */
  readonly holdfast: typeof import('../../src/index.js');
  readonly control: Control;
  /** Whether this environment has it. For cases that expect more where there is more. */
  has(capability: Capability): boolean;
  /** The way to the server, or to a path where there is nothing. */
  transport(path?: string): Transport | Route;
  /** A session that tries again after a millisecond, unless its options say otherwise. It is closed after the case. */
  open(options?: TestedSessionOptions): Session;
}

export interface Case {
  /** A sentence in plain words. */
  readonly name: string;
  readonly needs?: readonly Capability[];
  run(env: Env): Promise<void>;
}

/** What one run is to do: a case, or the proof that a capability is not there. */
export type Task = { readonly case: string } | { readonly absent: Capability };
