// Draws what the exploration of the connection machine found: the diagram with default rules, the table with any.

import { grouped } from './decision-table.js';
import { allTransitions, defaultTransitions, type Transition } from './explore-machine.js';
import { table } from './table.js';

/** A mermaid diagram of how the status changes, and when another connection is opened. */
export function drawDiagram(): string {
  const moves = defaultTransitions().filter(({ from, to, done }) => from !== to || done.includes(opening));
  const edges = [...grouped(moves, ({ from, to }) => JSON.stringify([outside(from, to), outside(to, from)])).values()];
  const lines = edges.map((edge) => {
    const [{ from, to } = { from: '', to: '' }] = edge;
    const arrow = `${outside(from, to)} --> ${outside(to, from)} : ${labelOf(edge, moves)}`;
    return { arrow, inside: stages.includes(from) && stages.includes(to) };
  });
  return [
    '```mermaid',
    'stateDiagram-v2',
    '  [*] --> idle',
    ...lines.filter(({ inside }) => !inside).map(({ arrow }) => `  ${arrow}`),
    '  closed --> [*]',
    '  state closing {',
    `    [*] --> ${stages[0]}`,
    ...lines.filter(({ inside }) => inside).map(({ arrow }) => `    ${arrow}`),
    '  }',
    '```',
  ].join('\n');
}

/** Every transition and every other effect. */
export function drawTransitions(): string {
  const rows = grouped(allTransitions(), ({ event, conditions, from, to, done }) =>
    JSON.stringify([event, conditions, from === to ? 'stays' : to, done]),
  );
  const lines = [...rows.values()].map((row) => {
    const [{ event, conditions, from, to, done } = none] = row;
    const states = row.map((transition) => shown(transition.from)).join(', ');
    return [event, states, conditions.join('; '), from === to ? 'stays' : shown(to), done.join(', ')];
  });
  const byEvent = [...grouped(lines, ([event]) => event ?? '').values()].flat();
  return table(['event', 'in state', 'when', 'then', 'and'], byEvent);
}

const none: Transition = { event: '', conditions: [], from: '', to: '', done: [] };
const opening = 'opens the next connection';
const stages = ['draining', 'disconnecting'];

/** The stages of closing are shown within it. */
function outside(status: string, other: string): string {
  return stages.includes(status) && !stages.includes(other) ? 'closing' : status;
}

function shown(status: string): string {
  return stages.includes(status) ? `closing (${status})` : status;
}

/** The events of an arrow. One that may lead elsewhere says when it leads here. */
function labelOf(edge: readonly Transition[], moves: readonly Transition[]): string {
  const events = [...grouped(edge, ({ event }) => event).values()].map((same) => {
    const [{ from, event } = none] = same;
    const targets = new Set(moves.filter((move) => move.from === from && move.event === event).map(({ to }) => to));
    const when = new Set(same.map(({ conditions }) => conditions[0] ?? ''));
    return targets.size === 1 ? event : `${event} (${[...when].join(', ')})`;
  });
  // A colon or semicolon would end the label, and backticks are no part of the diagram's language.
  return [...new Set(events)].join(', ').replaceAll('timer: ', '').replaceAll('`', '');
}
