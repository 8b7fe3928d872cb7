// What is drawn in the page.

import { type Drawings, draw } from '../drawings.js';
import { drawCloseCodes, drawFailures } from './draw-connection-verdicts.js';
import { drawErrors } from './draw-errors.js';
import { drawConnectionNotices, drawGaps, drawLiveness, drawOperationNotices, drawStates } from './draw-notices.js';
import { drawOperations } from './draw-operation-verdicts.js';
import { drawDiagram, drawTransitions } from './draw-states.js';

const drawings: Drawings = {
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

/** The page with every drawing as the code has it now. */
export function withDrawings(page: string): string {
  return draw(page, drawings);
}
