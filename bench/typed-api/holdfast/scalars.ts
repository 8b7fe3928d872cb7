import { dateTime } from 'holdfast/schema';

export const scalars = { DateTime: dateTime };
