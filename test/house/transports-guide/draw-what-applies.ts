// What applies to which transport, as the conformance suite proves it: a table, and the reasons for every "no" in it.

import type { Capability } from '../../conformance/environment.js';
import { environments } from '../../conformance/environments.js';
import { table } from '../sessions-guide/table.js';

const words: Readonly<Record<Capability, string>> = {
  network: 'The network may fail',
  'one-connection': 'Everything shares one connection, whose life the state of the session tells',
  'known-unsent': 'What could not reach the server is known not to have been sent',
  'known-waiting': 'So is what is given up while the server is being reached',
  'sent-once': 'Nothing below the session sends a request twice',
  'many-at-once': 'Any number of operations run at the same time',
  'connect-hook': 'The server accepts or refuses a connection',
  'request-status': 'The server accepts or refuses each request, with an HTTP status',
  'upgrade-status': 'The HTTP status of a refused upgrade is told',
  ping: 'The server can be asked for a sign of life',
  parking: 'A slow subscription is stopped, and started again with a gap',
  'holding-back': 'A slow subscription is held back, and misses nothing',
  'syntax-errors': 'A document that the server cannot parse fails alone',
  'early-stop': 'A subscription that is left while it starts is closed',
  abort: 'Resolvers learn that nobody waits for them',
};

const capabilities = Object.keys(words) as Capability[];
const shown = Object.values(environments).flatMap(({ shown, lacks }) =>
  shown === undefined ? [] : [{ shown, lacks }],
);
const differing = capabilities.filter((capability) => shown.some(({ lacks }) => lacks[capability] !== undefined));

/** A row for everything that some transport lacks. */
export function drawWhatApplies(): string {
  const rows = differing.map((capability) => [
    words[capability],
    ...shown.map(({ lacks }) => (lacks[capability] === undefined ? 'yes' : 'no')),
  ]);
  return table(['', ...shown.map((environment) => environment.shown)], rows);
}

/** A row for every reason, with all the transports that it is the reason for. */
export function drawReasons(): string {
  const rows = differing.flatMap((capability) => {
    const names = new Map<string, string[]>();
    for (const { shown: name, lacks } of shown) {
      const reason = lacks[capability];
      if (reason !== undefined) names.set(reason, [...(names.get(reason) ?? []), name]);
    }
    return [...names].map(([reason, having]) => [words[capability], having.join('; '), reason]);
  });
  return table(['', 'not over', 'because'], rows);
}
