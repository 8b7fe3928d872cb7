// Points in time as text. RFC 3339, section 5.6 (Internet Date/Time Format).

import { describe } from '../../protocol/options.js';
import type { ScalarCodec } from './codec.js';
import { dayPattern, isDay } from './date.js';

const pattern = new RegExp(
  `^(?<day>${dayPattern})[Tt ](?<time>(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d)(?:\\.(?<fraction>\\d+))?(?<zone>[Zz]|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)$`,
);

/**
 * A point in time: a `Date` in the program, RFC 3339 text on its way, as in `2026-11-21T15:32:19.000Z`. It is written in UTC
 * with milliseconds, for the years 0 to 9999. Any offset is read; digits after the milliseconds are cut off, because a Date
 * has none. Refused are invalid Dates, days that no calendar has, leap seconds, and texts without an offset: they could mean
 * any of some forty moments.
 *
 * @example `createApi(session, schema, { scalars: { DateTime: dateTime } })`
 */
export const dateTime: ScalarCodec<Date, string> = {
  encode(value) {
    if (!(value instanceof Date)) throw new TypeError(`a Date is needed, not ${describe(value)}.`);
    if (Number.isNaN(value.getTime())) throw new RangeError('the Date is invalid.');
    const text = value.toISOString();
    // Other years have six digits and a sign.
    if (!/^\d/.test(text)) throw new RangeError(`${text} is outside the years 0 to 9999.`);
    return text;
  },
  decode(wire) {
    const { day = '', time, fraction = '', zone } = (typeof wire === 'string' && pattern.exec(wire)?.groups) || {};
    if (time === undefined || zone === undefined || !isDay(day)) {
      throw new TypeError(`${describe(wire)} is no date and time with an offset, as in "2026-11-21T15:32:19Z".`);
    }
    return new Date(`${day}T${time}.${fraction.slice(0, 3).padEnd(3, '0')}${zone.toUpperCase()}`);
  },
};
