// What every contender asks: the same documents, with fresh variables for each call, as a program would make them.

export const query =
  'query Items($search: String!, $bytes: Int!) { items(search: $search, bytes: $bytes) { id name price tags } }';

export const subscription =
  'subscription Ticks($topic: String!, $count: Int!, $bytes: Int!) { tick(topic: $topic, count: $count, bytes: $bytes) { id name price tags } }';

let asked = 0;

/** Answered with a payload of so many bytes. @param {number} bytes */
export function queryVariables(bytes) {
  asked += 1;
  return { search: `item ${asked}`, bytes };
}

/** Answered with `count` messages with a payload of so many bytes; with none, for ever, when `count` is 0. */
export function subscriptionVariables(count, bytes) {
  asked += 1;
  return { topic: `topic ${asked}`, count, bytes };
}
