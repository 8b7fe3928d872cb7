// How the demo shows itself: on one live screen where there is a terminal that can, else as plain lines.

import type { Happening } from './happening.js';
import { LiveView } from './live/live-view.js';
import { paletteFor } from './live/palette.js';
import { Screen, type Terminal } from './live/screen.js';
import { Narrator } from './narrator.js';

/** Once it is disposed of, the output belongs to whoever comes next. */
export interface Presenter extends Disposable {
  tell(happening: Happening): void;
}

/** As `process.stdout`. */
export interface Output extends Terminal {
  /** True on a terminal; elsewhere false or not there. */
  readonly isTTY: boolean;
}

export function presenterFor(output: Output, env: NodeJS.ProcessEnv, nowMs: () => number): Presenter {
  if (output.isTTY && env.TERM !== 'dumb') return new LiveView(new Screen(output), paletteFor(env), nowMs);
  const narrator = new Narrator((line) => output.write(`${line}\n`), nowMs);
  return { tell: (happening) => narrator.tell(happening), [Symbol.dispose]: () => undefined };
}
