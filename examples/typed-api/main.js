// GraphQL without strings: the schema is asked of the server, and what is wrong is said before anything is sent.

import { dateTime, fields, openApi } from 'holdfast/schema';
import { serveLibrary } from './library.js';

const library = await serveLibrary();
const api = await openApi(library.url, { scalars: { DateTime: dateTime } });
try {
  // A query: its arguments, then what to select.
  const card = fields('id', 'title', 'author.name');
  const books = await api.query.books({ author: 'J. R. R. Tolkien' }, card);
  console.log('By Tolkien:', books);

  // Without a selection there is one: of `book` everything, with the names of its author.
  console.log('Number 1:', await api.query.book({ id: '1' }));

  // Several fields in one request, each under a name of its own.
  const both = await api.query({
    'first: book': { $args: { id: '1' }, title: true },
    'second: book': { $args: { id: '2' }, title: true },
  });
  console.log('Both:', both);

  // A mistake is found here, with its place and what may have been meant.
  await api.query.books({}, ['titel']).catch((error) => console.log(`${error.name}: ${error.message}`));

  // A request that is kept, looked at, and run with other values.
  const add = api.mutation.addBook.request(
    { title: 'Tehanu', author: 'Ursula K. Le Guin', added: new Date('2026-03-01T12:00:00Z') },
    ['id', 'added'],
  );
  console.log(add.document);
  console.log('Added:', await api.execute(add));
  console.log('Added:', await api.execute(add.with({ variables: { title: 'The Other Wind' } })));

  // A subscription. Where its connection was lost and events may be missing, it says so.
  for await (const event of api.subscription.recommended({}, 'title')) {
    console.log(event.type === 'gap' ? 'Something may be missing.' : `Read ${event.data.title}`);
  }
} finally {
  await api.close();
  await library.close();
}
