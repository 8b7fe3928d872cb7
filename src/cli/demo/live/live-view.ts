// The demo on one live screen: keeps the model, and draws a frame of it a few times a second.

import type { Happening } from '../happening.js';
import { render } from './frame.js';
import { initial, type Model, update } from './model.js';
import type { Palette } from './palette.js';
import type { Screen } from './screen.js';

const frameMs = 250;

export class LiveView implements Disposable {
  readonly #screen: Screen;
  readonly #palette: Palette;
  readonly #nowMs: () => number;
  readonly #timer: NodeJS.Timeout;
  #model: Model = initial;

  /** Draws at once. Has to be disposed of: until then the process stays alive. */
  constructor(screen: Screen, palette: Palette, nowMs: () => number) {
    this.#screen = screen;
    this.#palette = palette;
    this.#nowMs = nowMs;
    this.#draw();
    this.#timer = setInterval(() => this.#draw(), frameMs);
  }

  tell(happening: Happening): void {
    this.#model = update(this.#model, happening, this.#nowMs());
  }

  /** Draws the last frame, which stays, and gives the terminal back. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#draw();
    this.#screen.close();
  }

  #draw(): void {
    const frame = { nowMs: this.#nowMs(), width: this.#screen.width, palette: this.#palette };
    this.#screen.draw(render(this.#model, frame));
  }
}
