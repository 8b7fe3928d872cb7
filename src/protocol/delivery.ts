// How far one request came: the fact on which every decision about repeating it rests.

/**
 * - `not-sent`: no byte of it left our memory, or the server proved that it did not take it;
 * - `unknown`: it was handed to the network and no answer came, so it may or may not have run;
 * - `answered`: the server answered it.
 */
export type Delivery = 'not-sent' | 'unknown' | 'answered';
