// HTML out of templates. Whatever is put into one is text, and is escaped, unless it was made by a template itself.

class Html {
  #text;

  constructor(text) {
    this.#text = text;
  }

  toString() {
    return this.#text;
  }
}

const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** As in html`<p>${name}</p>`. A list is written one after the other; null, undefined and false are nothing. */
export function html(strings, ...values) {
  return new Html(String.raw({ raw: strings }, ...values.map(written)));
}

function written(value) {
  if (value === null || value === undefined || value === false) return '';
  if (Array.isArray(value)) return value.map(written).join('');
  if (value instanceof Html) return String(value);
  return String(value).replaceAll(/[&<>"']/g, (character) => entities[character]);
}
