// The countries as a GraphQL schema, and what answers it: real data, out of the package countries-list.

import { EventEmitter, on } from 'node:events';
import { continents, countries, getEmojiFlag, languages } from 'countries-list';
import { currencies } from 'countries-list/currencies';
import { buildSchema } from 'graphql';

export const schema = buildSchema(`
  type Query {
    continents: [Continent!]!
    "Null where there is no such continent."
    continent(code: ID!): Continent
    "By name: of one continent, or of all."
    countries(continent: ID): [Country!]!
  }

  type Subscription {
    "A continent, whenever somebody looks it up."
    lookups: Continent!
  }

  type Continent {
    code: ID!
    name: String!
    countries: [Country!]!
  }

  type Country {
    code: ID!
    name: String!
    nativeName: String!
    "Not every country has one."
    capital: String
    "An emoji."
    flag: String!
    currencies: [Currency!]!
    languages: [Language!]!
  }

  type Currency {
    code: ID!
    name: String!
    symbol: String!
  }

  type Language {
    code: ID!
    name: String!
    nativeName: String!
  }
`);

const allCountries = Object.entries(countries)
  .map(([code, { name, native, capital, currency, ...rest }]) => ({
    code,
    name,
    nativeName: native,
    capital: capital === '' ? null : capital,
    flag: getEmojiFlag(code),
    currencies: currency.map((each) => ({ code: each, ...currencies[each] })),
    languages: rest.languages.map((each) => ({
      code: each,
      name: languages[each].name,
      nativeName: languages[each].native,
    })),
    /** Some countries lie on two continents. */
    continents: rest.continents ?? [rest.continent],
  }))
  .sort((one, other) => one.name.localeCompare(other.name, 'en'));

const allContinents = Object.entries(continents).map(([code, name]) => ({
  code,
  name,
  countries: allCountries.filter((country) => country.continents.includes(code)),
}));

const news = new EventEmitter();
// One listener for each subscriber, as many as there are.
news.setMaxListeners(0);

export const rootValue = {
  continents: () => allContinents,
  continent: ({ code }) => {
    const found = allContinents.find((continent) => continent.code === code);
    if (found !== undefined) news.emit('lookup', found);
    return found;
  },
  countries: ({ continent = null }) =>
    allCountries.filter(({ continents }) => continent === null || continents.includes(continent)),
  lookups: async function* (_args, { signal }) {
    for await (const [continent] of on(news, 'lookup', { signal })) yield { lookups: continent };
  },
};
