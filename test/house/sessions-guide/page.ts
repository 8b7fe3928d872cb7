// The page and what is drawn in it: each drawing stands between its own two marks.

import { drawCloseCodes, drawFailures } from './draw-connection-verdicts.js';
import { drawErrors } from './draw-errors.js';
import { drawConnectionNotices, drawGaps, drawLiveness, drawOperationNotices, drawStates } from './draw-notices.js';
import { drawOperations } from './draw-operation-verdicts.js';
import { drawDiagram, drawTransitions } from './draw-states.js';

const drawings: Readonly<Record<string, () => string>> = {
  diagram: drawDiagram,
  states: drawStates,
  transitions: drawTransitions,
  failures: drawFailures,
  'close-codes': drawCloseCodes,
  operations: drawOperations,
  gaps: drawGaps,
  liveness: drawLiveness,
  'connection-notices': drawConnectionNotices,
  'operation-notices': drawOperationNotices,
  errors: drawErrors,
};

export const drawingNames: readonly string[] = Object.keys(drawings);

const marked = /^<!-- drawn: (\S+) -->\n[\s\S]*?^<!-- end -->$/gm;

/** The names of the drawings that the page has a place for. */
export function placesIn(page: string): readonly string[] {
  return [...page.matchAll(marked)].map(([, name = '']) => name);
}

/** The page with every drawing as the code has it now. */
export function withDrawings(page: string): string {
  return page.replace(marked, (_place, name: string) => {
    const draw = drawings[name];
    if (draw === undefined) throw new Error(`There is no drawing "${name}".`);
    return `<!-- drawn: ${name} -->\n${draw()}\n<!-- end -->`;
  });
}
