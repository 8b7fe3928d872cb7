// What the world of a schedule is like: which subprotocol, which server, which options the session has.

import type { Subprotocol } from '../../protocol/dialects/dialect.js';
import type { WhenFull } from '../../session/buffer-options.js';
import type { Dice } from './dice.js';

export interface Scenario {
  /** The server is in the session's own process: there is nothing between the two that could break. */
  readonly local: boolean;
  readonly subprotocol: Subprotocol;
  /** The platform's WebSocket can send pings. */
  readonly socketPing: boolean;
  /** How often the server sends a sign of life by itself; 0: never. */
  readonly keepAliveMs: number;
  /** How long the server remembers idempotency keys, ms. */
  readonly keyWindowMs: number;
  /** The key store outlives the server's process. */
  readonly sharedKeys: boolean;
  readonly honoursKeysAtFirst: boolean;
  /** The server finishes mutations whose connection is gone. */
  readonly finishesOrphans: boolean;
  /** The close code with which the server answers a document that it cannot stand. */
  readonly poisonCode: number;
  /** Milliseconds between two events of the server's feed. */
  readonly publishEveryMs: number;
  /** How long a token is good, ms; 0: for ever. */
  readonly tokenLifetimeMs: number;
  /** How long the provider takes for a token as a rule, ms. */
  readonly providerMs: number;
  /** The server takes new tokens on connections that are open. */
  readonly reauthenticates: boolean;
  /** The close code with which the server refuses a token in the connection parameters. */
  readonly refusalCode: number;
  readonly session: SessionScenario;
}

export interface SessionScenario {
  readonly liveness:
    | false
    | { readonly silenceMs: number; readonly answerMs: number; readonly probe: string | undefined };
  readonly deadlineMs: number;
  readonly maxInFlight: number | undefined;
  readonly maxWaiting: number;
  readonly maxEvents: number;
  readonly maxBytes: number;
  readonly whenFull: WhenFull;
  readonly maxMessageBytes: number;
  readonly openTimeoutMs: number;
  readonly ackTimeoutMs: number;
  readonly closeTimeoutMs: number;
  readonly backoffCapMs: number;
  /** Opens in a row; `never again`: the first connection is the only one. */
  readonly connectAttempts: number | 'never again' | undefined;
  /** Where its provider puts tokens; `none`: it has no credentials, and the server asks for none. */
  readonly tokens: 'none' | 'params' | 'headers';
}

/** The session can ask the server for a sign of life. */
export function canPing({ subprotocol, socketPing }: Scenario): boolean {
  return subprotocol === 'graphql-transport-ws' || socketPing;
}

/** How long the session waits for a sign that a suspect did no harm, ms. */
export function trialMs(scenario: Scenario): number {
  const { silenceMs, answerMs } = scenario.session.liveness || { silenceMs: 15_000, answerMs: 5_000 };
  return canPing(scenario) ? silenceMs + 2 * answerMs : answerMs;
}

/** A world where nothing is special: what drawn worlds are reduced to. */
export const plainScenario: Scenario = {
  local: false,
  subprotocol: 'graphql-transport-ws',
  socketPing: true,
  keepAliveMs: 0,
  keyWindowMs: 60_000,
  sharedKeys: true,
  honoursKeysAtFirst: true,
  finishesOrphans: true,
  poisonCode: 4400,
  publishEveryMs: 500,
  tokenLifetimeMs: 0,
  providerMs: 0,
  reauthenticates: false,
  refusalCode: 4403,
  session: {
    liveness: { silenceMs: 3_000, answerMs: 1_000, probe: undefined },
    deadlineMs: 10_000,
    maxInFlight: undefined,
    maxWaiting: 1_000,
    maxEvents: 1_000,
    maxBytes: 1_000_000,
    whenFull: 'park',
    maxMessageBytes: 1_000,
    openTimeoutMs: 1_000,
    ackTimeoutMs: 1_000,
    closeTimeoutMs: 500,
    backoffCapMs: 1_000,
    connectAttempts: undefined,
    tokens: 'none',
  },
};

export function drawScenario(dice: Dice): Scenario {
  const subprotocol = dice.chance(0.6) ? 'graphql-transport-ws' : 'graphql-ws';
  return {
    local: dice.chance(0.15),
    subprotocol,
    socketPing: dice.chance(0.5),
    keepAliveMs: dice.chance(0.6) ? dice.between(1_000, 3_000) : 0,
    keyWindowMs: dice.chance(0.25) ? dice.between(500, 4_000) : 60_000,
    sharedKeys: dice.chance(0.7),
    honoursKeysAtFirst: dice.chance(0.7),
    finishesOrphans: dice.chance(0.5),
    poisonCode: dice.pick([4400, 4500, 1009, 1011]),
    publishEveryMs: dice.between(150, 1_200),
    tokenLifetimeMs: dice.chance(0.5) ? 0 : dice.between(2_000, 15_000),
    providerMs: dice.chance(0.5) ? 0 : dice.between(20, 1_500),
    reauthenticates: dice.chance(0.7),
    refusalCode: dice.pick([4401, 4403]),
    session: drawSession(dice),
  };
}

const policies = ['park', 'drop-oldest', 'latest', 'fail'] as const;

function drawSession(dice: Dice): SessionScenario {
  const probe = dice.chance(0.4) ? 'query Probe { __typename }' : undefined;
  const silenceMs = dice.between(1_000, 5_000);
  return {
    liveness: dice.chance(0.05) ? false : { silenceMs, answerMs: dice.between(500, 2_000), probe },
    deadlineMs: dice.between(6_000, 25_000),
    maxInFlight: dice.chance(0.3) ? dice.between(1, 6) : undefined,
    maxWaiting: dice.chance(0.3) ? dice.between(1, 6) : 1_000,
    maxEvents: dice.between(1, 12),
    maxBytes: dice.chance(0.3) ? dice.between(200, 1_500) : 1_000_000,
    whenFull: dice.chance(0.7) ? 'park' : dice.pick(policies),
    maxMessageBytes: dice.between(600, 1_500),
    openTimeoutMs: dice.between(500, 3_000),
    ackTimeoutMs: dice.between(500, 3_000),
    closeTimeoutMs: dice.between(200, 1_000),
    backoffCapMs: dice.between(800, 3_000),
    connectAttempts: dice.chance(0.2) ? (dice.chance(0.2) ? 'never again' : dice.between(1, 3)) : undefined,
    tokens: dice.pick(['none', 'none', 'params', 'params', 'headers']),
  };
}
