// The few colours of the live view, by meaning. The 8 colours that every terminal has, from its own theme.

export type Style = 'strong' | 'quiet' | 'good' | 'warning' | 'bad';
/** Puts a text into a style. */
export type Palette = (text: string, style: Style) => string;

const codes: Readonly<Record<Style, readonly [on: number, off: number]>> = {
  strong: [1, 22],
  quiet: [2, 22],
  good: [32, 39],
  warning: [33, 39],
  bad: [31, 39],
};

export const coloured: Palette = (text, style) => {
  const [on, off] = codes[style];
  return `\x1b[${on}m${text}\x1b[${off}m`;
};

export const colourless: Palette = (text) => text;

/** Follows no-color.org: set and not empty means no colours, whatever else is set. */
export function paletteFor(env: NodeJS.ProcessEnv): Palette {
  const refused = (env.NO_COLOR ?? '') !== '' || env.FORCE_COLOR === '0';
  return refused ? colourless : coloured;
}
