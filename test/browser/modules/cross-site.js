// Everything that a page can send to another origin without asking first, each with a mutation in it.

const types = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'];

export async function run({ url, document }) {
  const json = JSON.stringify({ query: document });
  const inQuery = `${url}?query=${encodeURIComponent(document)}`;
  const form = new FormData();
  form.set('operations', json);
  form.set('map', '{}');
  const bodies = [
    json,
    new Blob([json]),
    new TextEncoder().encode(json),
    new URLSearchParams({ query: document }),
    form,
    ...types.map((type) => new Blob([json], { type })),
  ];
  const simple = { method: 'POST', mode: 'no-cors', credentials: 'include' };
  await Promise.all(bodies.map((body) => fetch(url, { ...simple, body })));
  await Promise.all([fetch(inQuery, simple), fetch(inQuery, { ...simple, method: 'GET' })]);
  // The type of its body is that of JSON: this one the browser asks about first, and does not send.
  navigator.sendBeacon(url, new Blob([json], { type: 'application/json' }));
  navigator.sendBeacon(url, json);
  await submit(inQuery, 'get', types[1], document);
  for (const type of types) await submit(url, 'post', type, document);
  return { sent: bodies.length + 2 + 1 + 1 + types.length };
}

/** A form of a page, whose answer goes into a frame. `query` and the rest make JSON of a body of plain text. */
function submit(action, method, enctype, document) {
  const frame = window.document.createElement('iframe');
  frame.name = `frame-${Math.random()}`;
  const form = Object.assign(window.document.createElement('form'), { action, method, enctype, target: frame.name });
  const field = Object.assign(window.document.createElement('input'), {
    name: enctype === 'text/plain' ? `{"query":"${document}","extensions":{"a":"` : 'query',
    value: enctype === 'text/plain' ? '"}}' : document,
  });
  form.append(field);
  window.document.body.append(frame, form);
  return new Promise((resolve) => {
    frame.addEventListener('load', resolve);
    form.submit();
  });
}
