// What every contender asks and is answered: the same document, fresh variables for each call as a program would make them,
// and an answer that only this call gets, so that a wrong or missing one is seen.

export const query =
  'query Items($search: String!, $bytes: Int!) { items(search: $search, bytes: $bytes) { id name price tags } }';

const nameLength = 27;
const item = { id: '1000', name: ' '.repeat(nameLength), price: 12.5, tags: ['new'] };
let asked = 0;

/** To be answered with so many bytes. @param {number} bytes From 100. */
export function variablesFor(bytes) {
  asked += 1;
  return { search: `item ${asked}`, bytes };
}

/** @type {Map<number, { before: string, after: string, items: number }>} */
const templates = new Map();

/** @param {number} bytes */
function templateOf(bytes) {
  let template = templates.get(bytes);
  if (template === undefined) {
    template = makeTemplate(bytes);
    templates.set(bytes, template);
  }
  return template;
}

const bytesOf = (value) => JSON.stringify(value).length;

/** A list of small objects, as most answers are; the first is named as was asked, the last one fills up what is left. */
function makeTemplate(bytes) {
  // Each with its comma. Their ids have four digits, as the item's own.
  const room = bytes - bytesOf({ data: { items: [] } }) + 1;
  const itemBytes = bytesOf(item) + 1;
  const count = Math.max(Math.floor(room / itemBytes), 1);
  const items = Array.from({ length: count }, (_, index) => ({ ...item, id: String(1_000 + index) }));
  const last = { ...items.pop(), tags: [`new${' '.repeat(Math.max(room - count * itemBytes, 0))}`] };
  const [before, ...rest] = JSON.stringify({ data: { items: [...items, last] } }).split(item.name);
  return { before, after: rest.join(item.name), items: count };
}

/** The JSON of an answer, all of it ASCII. @param {{ search: string, bytes: number }} variables */
export function answerTo({ search, bytes }) {
  const { before, after } = templateOf(bytes);
  return before + search.padEnd(nameLength) + after;
}

/** Throws where the data of an answer is not what was asked for. A look at it, the same for every contender. */
export function check(data, { search, bytes }) {
  const items = data?.items;
  const right = items?.length === templateOf(bytes).items && items[0].name === search.padEnd(nameLength);
  if (!right) throw new Error(`"${search}" was answered with ${JSON.stringify(data)?.slice(0, 200)}`);
}
