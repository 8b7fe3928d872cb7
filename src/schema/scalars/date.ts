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

const lastDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const wholeText = new RegExp(`^${dayPattern}$`);

function checkedDay(value: unknown): CalendarDay {
  if (value instanceof Date) {
    throw new TypeError('a Date is a point in time, which is not the same day everywhere: give the day as text.');
  }
  if (typeof value === 'string' && wholeText.test(value) && isDay(value)) return value as CalendarDay;
  throw new TypeError(`${describe(value)} is no day, as in "2026-11-21".`);
}

/** Whether the calendar has it; `text` is of that form. Dates of the platform would take the 30th of February for a day in March. */
export function isDay(text: string): boolean {
  const year = Number(text.slice(0, 4));
  const month = Number(text.slice(5, 7));
  const day = Number(text.slice(8, 10));
  const isLeapYear = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const last = month === 2 && isLeapYear ? 29 : lastDays[month - 1];
  return last !== undefined && day >= 1 && day <= last;
}
