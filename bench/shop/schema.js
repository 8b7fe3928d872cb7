// The schema that every contender serves: a shop, whose root fields answer asynchronously as from a database, with a field
// that is computed, an enum, a list, and objects in objects.

import { buildSchema } from 'graphql';

const makers = Array.from({ length: 20 }, (_, index) => ({
  id: `m${index}`,
  name: `Maker ${index}`,
  country: ['DK', 'IT', 'JP', 'PT'][index % 4],
}));

const categories = ['CHAIRS', 'LAMPS', 'SHELVES', 'TABLES'];

const products = Array.from({ length: 400 }, (_, index) => ({
  id: `p${index}`,
  name: `Product ${index}`,
  category: categories[index % categories.length],
  cents: 1_999 + 50 * index,
  stock: index % 7,
  rating: 3 + (index % 20) / 10,
  tags: ['oak', index % 2 === 0 ? 'new' : 'classic'],
  maker: makers[index % makers.length],
}));

export const productIds = products.slice(0, 100).map(({ id }) => id);
export { categories };

const byId = new Map(products.map((product) => [product.id, product]));

export const schema = buildSchema(`
  type Query {
    product(id: ID!): Product
    products(category: Category!, first: Int! = 50): [Product!]!
  }

  enum Category { ${categories.join(' ')} }

  type Product {
    id: ID!
    name: String!
    category: Category!
    price: Float!
    stock: Int!
    available: Boolean!
    rating: Float
    tags: [String!]!
    maker: Maker!
  }

  type Maker {
    id: ID!
    name: String!
    country: String!
  }
`);

const query = schema.getQueryType().getFields();
query.product.resolve = async (_source, { id }) => byId.get(id);
query.products.resolve = async (_source, { category, first }) =>
  products.filter((product) => product.category === category).slice(0, first);

const product = schema.getType('Product').getFields();
product.price.resolve = ({ cents }) => cents / 100;
product.available.resolve = ({ stock }) => stock > 0;
