// A schema of 2,000 types as services make them out of databases: for each table its rows, aggregates, filters, orders and
// inputs, relations between the tables, and roots with several fields for each. The same text every time.

const tables = 198;
const names = [
  'users',
  'orders',
  'products',
  'invoices',
  'teams',
  'projects',
  'tasks',
  'comments',
  'files',
  'events',
  'tags',
];

const columns = {
  id: 'uuid!',
  created_at: 'timestamptz!',
  updated_at: 'timestamptz',
  name: 'String!',
  description: 'String',
  status: 'String!',
  position: 'Int!',
  price: 'numeric',
  is_active: 'Boolean!',
  metadata: 'jsonb',
};

const comparisons = ['uuid', 'timestamptz', 'String', 'Int', 'numeric', 'Boolean', 'jsonb'];

/** `users_0`, `orders_1`, ... */
const tableName = (index) => `${names[index % names.length]}_${index}`;
const other = (index, step) => tableName((index + step) % tables);

const nullable = (type) => type.replace('!', '');
const lines = (entries) => entries.map(([name, type]) => `  ${name}: ${type}`).join('\n');
const of = (map) => Object.entries(columns).map(([name, type]) => [name, map(type, name)]);

const listArgs = (name) =>
  `distinct_on: [${name}_select_column!], limit: Int, offset: Int, order_by: [${name}_order_by!], where: ${name}_bool_exp`;

/** The ten types of a table. */
function table(index) {
  const name = tableName(index);
  const [parent, owner, children, links] = [1, 7, 13, 29].map((step) => other(index, step));
  return `"""Rows of the table ${name}."""
type ${name} implements node {
${lines(of((type) => type))}
  """The ${parent} that it belongs to."""
  parent: ${parent}
  owner: ${owner}!
  children(${listArgs(children)}): [${children}!]!
  children_aggregate(${listArgs(children)}): ${children}_aggregate!
  links(${listArgs(links)}): [${links}!]!
}
type ${name}_aggregate {
  aggregate: ${name}_aggregate_fields
  nodes: [${name}!]!
}
type ${name}_aggregate_fields {
  count(columns: [${name}_select_column!], distinct: Boolean): Int!
  max: ${name}_max_fields
}
type ${name}_max_fields {
${lines(of(nullable))}
}
type ${name}_mutation_response {
  affected_rows: Int!
  returning: [${name}!]!
}
input ${name}_bool_exp {
  _and: [${name}_bool_exp!]
  _not: ${name}_bool_exp
  _or: [${name}_bool_exp!]
${lines(of((type) => `${nullable(type)}_comparison_exp`))}
  parent: ${parent}_bool_exp
  owner: ${owner}_bool_exp
  children: ${children}_bool_exp
  links: ${links}_bool_exp
}
input ${name}_order_by {
${lines(of(() => 'order_by'))}
  parent: ${parent}_order_by
  owner: ${owner}_order_by
}
input ${name}_insert_input {
${lines(of(nullable))}
  parent_id: uuid
  owner_id: uuid
}
input ${name}_set_input {
${lines(of(nullable))}
}
enum ${name}_select_column {
${Object.keys(columns)
  .map((column) => `  ${column}`)
  .join('\n')}
}`;
}

const comparison = (type) => `input ${type}_comparison_exp {
  _eq: ${type}
  _gt: ${type}
  _gte: ${type}
  _in: [${type}!]
  _is_null: Boolean
  _lt: ${type}
  _lte: ${type}
  _neq: ${type}
  _nin: [${type}!]
}`;

const reads = (name) => `  ${name}(${listArgs(name)}): [${name}!]!
  ${name}_aggregate(${listArgs(name)}): ${name}_aggregate!
  ${name}_by_pk(id: uuid!): ${name}`;

const writes = (name) => `  insert_${name}(objects: [${name}_insert_input!]!): ${name}_mutation_response
  insert_${name}_one(object: ${name}_insert_input!): ${name}
  update_${name}(where: ${name}_bool_exp!, _set: ${name}_set_input): ${name}_mutation_response
  update_${name}_by_pk(id: uuid!, _set: ${name}_set_input): ${name}
  delete_${name}(where: ${name}_bool_exp!): ${name}_mutation_response
  delete_${name}_by_pk(id: uuid!): ${name}`;

/** SDL. */
export function bigSchema() {
  const all = Array.from({ length: tables }, (_, index) => tableName(index));
  return [
    'schema { query: query_root mutation: mutation_root subscription: subscription_root }',
    'scalar uuid\nscalar timestamptz\nscalar numeric\nscalar jsonb',
    'enum order_by {\n  asc\n  asc_nulls_first\n  desc\n  desc_nulls_last\n}',
    'interface node {\n  id: uuid!\n  created_at: timestamptz!\n}',
    `union activity = ${all.slice(0, 11).join(' | ')}`,
    ...comparisons.map(comparison),
    ...all.map((_, index) => table(index)),
    `type query_root {\n${all.map(reads).join('\n')}\n  node(id: uuid!): node\n  activities(limit: Int): [activity!]!\n}`,
    `type mutation_root {\n${all.map(writes).join('\n')}\n}`,
    `type subscription_root {\n${all.map(reads).join('\n')}\n}`,
  ].join('\n');
}
