// Twenty operations as programs have them, on the schema beside, each in the words of holdfast, genql and gql.tada: the same
// fields, arguments checked, and a value read out of the answer.

/** An argument: the type of the variable that gql.tada needs for it, and the value as TypeScript writes it. */
const arg = (type, value) => ({ type, value });
const id = arg('uuid!', "'8'");
const limit = (count) => arg('Int', String(count));

const operations = [
  { field: 'users_0', args: { limit: limit(10) }, select: { id: true, name: true }, read: '[0]?.name' },
  {
    field: 'orders_1',
    args: {
      where: arg('orders_1_bool_exp', "{ status: { _eq: 'open' }, price: { _gt: '10' } }"),
      order_by: arg('[orders_1_order_by!]', "[{ created_at: 'desc' }]"),
    },
    select: { id: true, status: true, price: true, created_at: true },
    read: '[0]?.status',
  },
  { field: 'products_2_by_pk', args: { id }, select: { id: true, owner: { name: true } }, read: '?.owner.name' },
  {
    field: 'invoices_3_by_pk',
    args: { id },
    select: { parent: { id: true, owner: { name: true, parent: { name: true } } } },
    read: '?.parent?.owner.parent?.name',
  },
  {
    field: 'teams_4',
    args: { limit: limit(5) },
    select: { name: true, children: { $args: { limit: limit(3) }, id: true, name: true } },
    read: '[0]?.children[0]?.name',
  },
  {
    field: 'projects_5_aggregate',
    args: { where: arg('projects_5_bool_exp', '{ is_active: { _eq: true } }') },
    select: { aggregate: { count: true, max: { price: true, position: true } }, nodes: { id: true } },
    read: '.aggregate?.max?.position',
  },
  {
    field: 'tasks_6',
    args: {},
    select: { id: true, children_aggregate: { aggregate: { count: true } } },
    read: '[0]?.children_aggregate.aggregate?.count',
  },
  {
    field: 'comments_7',
    args: { limit: limit(50), offset: limit(100) },
    select: {
      id: true,
      created_at: true,
      updated_at: true,
      name: true,
      description: true,
      status: true,
      position: true,
      price: true,
      is_active: true,
      metadata: true,
    },
    read: '[0]?.description',
  },
  {
    field: 'node',
    args: { id },
    select: { __typename: true, id: true, $on: { users_0: { name: true }, orders_1: { status: true } } },
    read: '?.id',
  },
  {
    field: 'activities',
    args: { limit: limit(20) },
    select: {
      __typename: true,
      $on: { users_0: { name: true }, files_8: { owner: { name: true } }, tags_10: { id: true } },
    },
    read: '[0]?.__typename',
  },
  {
    kind: 'mutation',
    field: 'insert_files_8_one',
    args: { object: arg('files_8_insert_input!', "{ name: 'a', status: 'new', position: 1, is_active: true }") },
    select: { id: true },
    read: '?.id',
  },
  {
    kind: 'mutation',
    field: 'insert_events_9',
    args: { objects: arg('[events_9_insert_input!]!', "[{ name: 'a' }, { name: 'b', price: '3' }]") },
    select: { affected_rows: true, returning: { id: true, name: true } },
    read: '?.returning[0]?.name',
  },
  {
    kind: 'mutation',
    field: 'update_tags_10_by_pk',
    args: { id, _set: arg('tags_10_set_input', "{ name: 'b' }") },
    select: { id: true, name: true, updated_at: true },
    read: '?.name',
  },
  {
    kind: 'mutation',
    field: 'update_users_11',
    args: {
      where: arg('users_11_bool_exp!', "{ id: { _in: ['1', '2'] } }"),
      _set: arg('users_11_set_input', '{ is_active: false }'),
    },
    select: { affected_rows: true },
    read: '?.affected_rows',
  },
  { kind: 'mutation', field: 'delete_orders_12_by_pk', args: { id }, select: { id: true }, read: '?.id' },
  {
    kind: 'mutation',
    field: 'delete_products_13',
    args: { where: arg('products_13_bool_exp!', "{ status: { _eq: 'old' } }") },
    select: { affected_rows: true, returning: { id: true } },
    read: '?.returning[0]?.id',
  },
  {
    field: 'invoices_14',
    args: {
      where: arg(
        'invoices_14_bool_exp',
        "{ _or: [{ owner: { name: { _eq: 'a' } } }, { _not: { children: { position: { _lt: 3 } } } }] }",
      ),
    },
    select: { id: true, owner: { id: true, name: true } },
    read: '[0]?.owner.name',
  },
  {
    field: 'teams_15',
    args: { limit: limit(2) },
    select: { id: true, children: { id: true, children: { id: true, children: { id: true, name: true } } } },
    read: '[0]?.children[0]?.children[0]?.children[0]?.name',
  },
  {
    field: 'projects_16_by_pk',
    args: { id },
    select: {
      name: true,
      links: { $args: { limit: limit(4), offset: limit(8) }, name: true, owner: { name: true, parent: { id: true } } },
      parent: { name: true },
    },
    read: '?.links[0]?.owner.parent?.id',
  },
  { field: 'tasks_17_by_pk', args: { id }, select: { status: true, position: true }, read: '?.position' },
];

const record = (args) =>
  `{ ${Object.entries(args)
    .map(([name, { value }]) => `${name}: ${value}`)
    .join(', ')} }`;

const joined = (select, print) => Object.entries(select).map(print).join(', ');

/** As an object of ours: of the three the one whose names the descriptions above use. */
function ourSelection(select) {
  return `{ ${joined(select, ([name, value]) => {
    if (value === true) return `${name}: true`;
    return name === '$args' ? `$args: ${record(value)}` : `${name}: ${ourSelection(value)}`;
  })} }`;
}

function genqlSelection(select) {
  return `{ ${joined(select, ([name, value]) => {
    if (value === true) return `${name}: true`;
    if (name === '$args') return `__args: ${record(value)}`;
    if (name === '$on') return joined(value, ([type, inner]) => `on_${type}: ${genqlSelection(inner)}`);
    return `${name}: ${genqlSelection(value)}`;
  })} }`;
}

/** As text; each argument becomes a variable in `variables`. */
function documentSelection(select, variables) {
  const fields = Object.entries(select).map(([name, value]) => {
    if (value === true) return name;
    if (name === '$on') {
      return Object.entries(value)
        .map(([type, inner]) => `... on ${type} ${documentSelection(inner, variables)}`)
        .join(' ');
    }
    const { $args = {}, ...inner } = value;
    return `${name}${documentArgs($args, variables)} ${documentSelection(inner, variables)}`;
  });
  return `{ ${fields.join(' ')} }`;
}

function documentArgs(args, variables) {
  const given = Object.entries(args).map(([name, one]) => {
    const variable = `v${Object.keys(variables).length}`;
    variables[variable] = one;
    return `${name}: $${variable}`;
  });
  return given.length === 0 ? '' : `(${given.join(', ')})`;
}

/** Each operation in the words of one of the three. */
export const written = {
  holdfast: operations.map(({ kind = 'query', field, args, select, read }, index) => {
    const call = `api.${kind}.${field}(${record(args)}, ${ourSelection(select)})`;
    return `export const value${index} = (await ${call})${read};`;
  }),
  genql: operations.map(({ kind = 'query', field, args, select, read }, index) => {
    const $args = Object.keys(args).length === 0 ? {} : { $args: args };
    const call = `client.${kind}({ ${field}: ${genqlSelection({ ...$args, ...select })} })`;
    return `export const value${index} = (await ${call}).${field}${read};`;
  }),
  'gql.tada': operations.map(({ kind = 'query', field, args, select, read }, index) => {
    const variables = {};
    const body = `{ ${field}${documentArgs(args, variables)} ${documentSelection(select, variables)} }`;
    const types = Object.entries(variables).map(([name, { type }]) => `$${name}: ${type}`);
    const head = types.length === 0 ? kind : `${kind} (${types.join(', ')})`;
    const call = `execute(graphql(\`${head} ${body}\`), ${record(variables)})`;
    return `export const value${index} = (await ${call}).${field}${read};`;
  }),
};
