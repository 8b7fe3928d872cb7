// One frame of the live view: the model as lines of text. Pure. Designed for 80 columns; a narrower terminal gets shorter lines.
// The least important lines are at the bottom, where a low terminal cuts them off.

import { plural, seconds } from '../../words.js';
import { latelyMs, sparkline, summarise } from './latency.js';
import { keptMoments, type Model, type Moment, type Tally } from './model.js';
import type { Palette, Style } from './palette.js';
import { paint, type Span } from './spans.js';

export interface FrameOptions {
  /** Since the start of the demo. */
  readonly nowMs: number;
  /** Columns. */
  readonly width: number;
  readonly palette: Palette;
}

const title = 'One session on a network that breaks on purpose';
/** One column less than the terminal has: some wrap a line that fills the last one. */
const designWidth = 79;

/** Always the same number of lines, none longer than the width. */
export function render(model: Model, { nowMs, width, palette }: FrameOptions): string[] {
  const time = seconds(nowMs).padStart(Math.min(width, designWidth) - title.length - 1);
  const lines: readonly (readonly Span[])[] = [
    [[`${title} ${time}`, 'quiet']],
    [],
    [[model.headline, 'strong']],
    [],
    row('Session', ...sessionSpans(model, nowMs)),
    row('Cause', model.session.cause?.message ?? '-'),
    row('Calls', ...callSpans(model)),
    row('Queries', ...tallySpans(model.queries)),
    row('Mutations', ...tallySpans(model.mutations)),
    row('Latency', ...latencySpans(model, nowMs)),
    row('Feed', ...feedSpans(model)),
    [],
    ...logOf(model.moments),
  ];
  return lines.map((spans) => paint(spans, width, palette));
}

function row(label: string, ...spans: readonly Span[]): readonly Span[] {
  return [[label.padEnd(11), 'quiet'], ...spans];
}

function sessionSpans({ session }: Model, nowMs: number): readonly Span[] {
  const { state, sinceMs, generation, nextAttemptAtMs } = session;
  const status = (style: Style): Span => [state.status, style];
  const since = seconds(nowMs - sinceMs);
  switch (state.status) {
    case 'idle':
    case 'closed':
      return [status('quiet')];
    case 'connecting':
      return [status('warning'), ` for ${since}, generation ${generation}, attempt ${state.attempt}`];
    case 'ready':
      return [status('good'), ` for ${since}, generation ${generation}`];
    case 'waiting': {
      const left = seconds(Math.max(0, nextAttemptAtMs - nowMs));
      return [status('warning'), `, next attempt in ${left}, after generation ${generation}`];
    }
    case 'closing':
      return [status('warning'), ` for ${since}, ${state.stage}`];
    case 'failed':
      return [status('bad'), ` after ${plural(state.attempts, 'attempt')}`];
  }
}

/** Without a connection every call waits for one; with one, every call is on the wire. */
function callSpans({ open, session }: Model): readonly Span[] {
  const connected = session.state.status === 'ready' || session.state.status === 'closing';
  const [inFlight, waiting] = connected ? [open, 0] : [0, open];
  return [column(`${inFlight} in flight`), `${waiting} waiting`];
}

function tallySpans({ answered, sentAgain, unknown, failed }: Tally): readonly Span[] {
  const alarm = (text: string, count: number): Span => (count === 0 ? text : [text, 'bad']);
  return [
    ...columns([`${answered} answered`, `${sentAgain} sent again`]),
    alarm(column(`${failed} failed`), failed),
    `${unknown} outcome unknown`,
  ];
}

/** Numbers stand below each other, and do not push each other about. */
function columns(texts: readonly string[]): readonly Span[] {
  return texts.map(column);
}

function column(text: string): string {
  return text.padEnd(17);
}

function latencySpans({ answers }: Model, nowMs: number): readonly Span[] {
  const summary = summarise(answers, nowMs);
  const show = (ms: number | undefined): string => (ms === undefined ? '-' : seconds(ms));
  const numbers = columns([`median ${show(summary?.medianMs)}`, `worst ${show(summary?.worstMs)}`]);
  return [...numbers, `last ${latelyMs / 1_000} s [${sparkline(answers, nowMs)}]`];
}

function feedSpans({ feed: { events, gaps, missed, parked } }: Model): readonly Span[] {
  const numbers = columns([plural(events, 'event'), plural(gaps, 'gap'), `${missed} missed`]);
  return [...numbers, `parked ${plural(parked, 'time')}`];
}

/** Newest first; as many lines as there is room for moments, so that the frame keeps its height. */
function logOf(moments: readonly Moment[]): readonly (readonly Span[])[] {
  const lines = [...moments].reverse().map(({ atMs, who, what }): readonly Span[] => {
    const teller = who.padEnd(9);
    return [`${seconds(atMs).padStart(8)}  `, who === 'FAULT' ? [teller, 'bad'] : teller, what];
  });
  return Array.from({ length: keptMoments }, (_, index) => lines[index] ?? []);
}
