// The pages, made out of what GraphQL answered, or out of the error when it did not.

import { html } from './html.js';

/** @param {{ continents, continent }} data of the query; `asked` is the code that was asked for, '' for none. */
export function countriesPage({ continents, continent }, asked, elapsedMs, live) {
  const chosen = continent ?? undefined;
  const unknown = asked !== '' && chosen === undefined;
  return page(
    chosen === undefined ? 'Countries of the world' : `Countries of ${chosen.name}`,
    html`${form(continents, asked)}
      ${unknown && html`<p class="problem">There is no continent “${asked}”. Choose one of the list.</p>`}
      <p class="quiet">Answered in ${Math.round(elapsedMs)} ms, over the one session of this service.</p>
      ${chosen === undefined ? introduction : countryList(chosen)}`,
    live,
  );
}

const introduction = html`<p>Choose a continent, and see its countries.</p>
      <p>Then end the backend and choose another one: the page waits. Start the backend again within ten seconds, and the page
        comes; later, and you are told what happened. This service is not restarted, nor is anything else.</p>`;

const reasons = {
  deadline: 'There was no answer in time.',
  'session-closed': 'This service is being stopped.',
  'graphql-errors': 'The backend answered with an error.',
};

const deliveries = {
  'not-sent': 'The question was not sent: it waited for a connection.',
  unknown: 'The question was sent, and no answer came back.',
  answered: 'The question did arrive; its answer is of no use.',
};

/** @param {import('holdfast').HoldfastError} error @param {string} url what to ask again */
export function failurePage(error, url, live) {
  const { code, delivery } = error;
  return page(
    'The countries are out of reach',
    html`<p class="problem">${reasons[code] ?? 'The backend could not be asked.'} ${deliveries[delivery]}</p>
      <p><a href="${url}">Ask again</a>: the same question may be asked twice.</p>
      <p class="quiet">For whoever looks after this service: code <code>${code}</code>, delivery <code>${delivery}</code>.</p>`,
    live,
  );
}

export function problemPage(title, problem, live) {
  return page(title, html`<p class="problem">${problem}</p><p><a href="/">To the countries</a></p>`, live);
}

function page(title, content, { counter, notice }) {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <link rel="icon" href="/icon.svg">
    <link rel="stylesheet" href="/style.css">
    <script type="module" src="/live.js"></script>
  </head>
  <body>
    <main>
      <h1>${title}</h1>
      ${content}
    </main>
    <footer>
      <p id="counter">${counter}</p>
      <p id="notice" role="status">${notice}</p>
    </footer>
  </body>
</html>
`;
}

/** Works without any script: choosing asks for this page again, with the continent in its address. */
function form(continents, asked) {
  return html`<form method="get" action="/">
        <label for="continent">Continent</label>
        <select id="continent" name="continent" required>
          <option value="">Choose one</option>
          ${continents.map(({ code, name }) => html`<option value="${code}"${code === asked && html` selected`}>${name}</option>`)}
        </select>
        <button>Show its countries</button>
      </form>`;
}

function countryList({ name, countries }) {
  return html`<p>${name} has ${countries.length} countries and territories.</p>
      <ul class="countries">${countries.map(countryItem)}
      </ul>`;
}

function countryItem({ name, nativeName, flag, capital, currencies, languages }) {
  return html`
        <li>
          <h2><span class="flag" aria-hidden="true">${flag}</span> ${name}</h2>
          ${nativeName !== name && html`<p class="native"><bdi>${nativeName}</bdi></p>`}
          <dl>
            ${fact('Capital', capital)}
            ${fact('Currency', currencies.map(currencyText).join(', '))}
            ${fact('Languages', languages.map((language) => language.name).join(', '))}
          </dl>
        </li>`;
}

function fact(name, value) {
  return html`<div><dt>${name}</dt><dd>${value || '–'}</dd></div>`;
}

function currencyText({ code, name, symbol }) {
  return symbol === code ? `${name} (${code})` : `${name} (${symbol})`;
}
