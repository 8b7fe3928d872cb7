// Results of a wished size: a list of small objects, as most answers are.

/** @type {Map<number, string>} */
const made = new Map();

/** The JSON of a result with just so many bytes. @param {number} bytes */
export function payloadOf(bytes) {
  let text = made.get(bytes);
  if (text === undefined) {
    text = make(bytes);
    made.set(bytes, text);
  }
  return text;
}

function make(bytes) {
  const items = [{ id: '1000', name: 'Item', price: 12.5, tags: ['new'] }];
  const write = () => JSON.stringify({ data: { items } });
  const itemBytes = JSON.stringify(items[0]).length + 1;
  while (write().length + itemBytes <= bytes) items.push({ ...items[0], id: String(1_000 + items.length) });
  items[0].name += ' '.repeat(Math.max(bytes - write().length, 0));
  return write();
}
