// The documents of the simulation and what their variables ask of the model server.

import type { OperationPayload } from '../../protocol/dialects/dialect.js';
import type { OperationKind } from '../../protocol/result.js';

/**
 * How the server answers: `data`; `errors`: a result with errors; `error`: the protocol's own message; `nothing`: the end
 * without an answer; `too-large`: beyond the soft limit; `far-too-large`: beyond the hard one.
 */
export type Answer = 'data' | 'errors' | 'error' | 'nothing' | 'too-large' | 'far-too-large';

export interface Question {
  readonly token: string;
  /** How long the server takes, ms. */
  readonly ms: number;
  readonly answer: Answer;
  /** Subscriptions: after this many events something other than `data` happens. */
  readonly events: number;
}

export interface Asked extends Question {
  readonly kind: OperationKind;
}

const parameters = '($token: String!, $ms: Int!, $answer: String!, $events: Int!)';
const values = '(token: $token, ms: $ms, answer: $answer, events: $events)';

export const documents: Readonly<Record<OperationKind, string>> = {
  query: `query Read${parameters} { read${values} }`,
  mutation: `mutation Write${parameters} { write${values} }`,
  subscription: `subscription Feed${parameters} { feed${values} }`,
};

/** The server closes the connection at the sight of these. */
export const poisonousDocuments: Readonly<Record<OperationKind, string>> = {
  query: `query PoisonRead${parameters} { poison${values} }`,
  mutation: `mutation PoisonWrite${parameters} { poison${values} }`,
  subscription: `subscription PoisonFeed${parameters} { poison${values} }`,
};

export function readAsked({ query, variables }: OperationPayload): Asked {
  const kind = query.slice(0, query.indexOf(' ')) as OperationKind;
  return { ...(variables as unknown as Question), kind };
}
