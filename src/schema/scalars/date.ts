// Days of the calendar as text. RFC 3339, section 5.6 (`full-date`).

import { describe } from '../../protocol/options.js';
import type { ScalarCodec } from './codec.js';

export const dayPattern = '\\d{4}-\\d{2}-\\d{2}';

/** A day as text: `2026-11-21`. It sorts and compares as it is. */
export type CalendarDay = `${number}-${number}-${number}`;

/**
 * A day of the calendar, in the program as on its way: text as in `2026-11-21`, checked to be a day that there is, of the
 * years 0 to 9999. A `Date` would be the wrong value for it: it is a point in time, which falls on different days in different
 * places, and is refused. Where the platform has `Temporal`, two lines make a codec with days that can be counted with:
 * `{ encode: String, decode: (wire: string) => Temporal.PlainDate.from(wire) }`.
 */
export const date: ScalarCodec<CalendarDay, string> = { encode: checkedDay, decode: checkedDay };

function checkedDay(value: unknown): CalendarDay {
  if (value instanceof Date) {
    throw new TypeError('a Date is a point in time, which is not the same day everywhere: give the day as text.');
  }
  if (typeof value === 'string' && new RegExp(`^${dayPattern}$`).test(value) && isDay(value))
    return value as CalendarDay;
  throw new TypeError(`${describe(value)} is no day, as in "2026-11-21".`);
}

/** Whether the calendar has it; `text` is of that form. */
export function isDay(text: string): boolean {
  const midnight = new Date(`${text}T00:00:00.000Z`);
  // The 30th of February is the 2nd of March to some platforms.
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(text);
}
