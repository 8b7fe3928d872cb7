// A line as pieces of text with a style each, so that it can be cut to a width before colours go in. One character is one
// column: the view uses no wide ones.

import type { Palette, Style } from './palette.js';

export type Span = string | readonly [text: string, style: Style];

const ellipsis = '...';

/** The line as a terminal takes it, at most `width` columns. What is cut off leaves three dots. */
export function paint(spans: readonly Span[], width: number, palette: Palette): string {
  const pieces = spans.map((span) => (typeof span === 'string' ? ([span, undefined] as const) : span));
  const length = pieces.reduce((sum, [text]) => sum + text.length, 0);
  const mark = length > width ? ellipsis.slice(0, width) : '';
  let room = width - mark.length;
  let line = '';
  for (const [text, style] of pieces) {
    const shown = printable(text.slice(0, room));
    room -= shown.length;
    line += style === undefined || shown === '' ? shown : palette(shown, style);
  }
  return line + mark;
}

/** What a peer wrote may end up here: nothing in it may move the cursor. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ');
}
