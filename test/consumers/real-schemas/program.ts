// A program on the generated modules of real schemas: GitHub's, and both of Shopify's that are published. The package checks
// generate them beside it, compile everything with the oldest and the newest TypeScript that consumers use, and run it against
// our server with answers that are made up.

import assert from 'node:assert/strict';
import { connect } from 'holdfast';
import { createApi, type Schema } from 'holdfast/schema';
import { createServer, serve } from 'holdfast/server';
import { schema as customer } from './customer.js';
import { schema as github } from './github.js';
import { mocked } from './mocks.js';
import { schema as storefront } from './storefront.js';

async function over<Result>(schema: Schema, use: (url: string) => Promise<Result>): Promise<Result> {
  const server = createServer({ schema: mocked(await schema.graphql()), development: true });
  const serving = await serve(server, { port: 0, quiet: true, graphiql: false, signals: false });
  try {
    return await use(serving.url);
  } finally {
    await serving.close({ graceMs: 0 });
  }
}

/** Every field of the query root that can be asked without arguments, with what is selected where nobody says. */
async function askForEverything(url: string, schema: Schema): Promise<number> {
  const session = await connect(url);
  try {
    const api = createApi(session, schema as object, { checkDocuments: true });
    const root = schema.model.types.get(schema.model.roots.query ?? '');
    assert(root?.kind === 'object');
    let asked = 0;
    for (const field of root.fields.values()) {
      if ([...field.args.values()].some(({ type, defaultValue }) => type.nonNull && defaultValue === undefined))
        continue;
      const { errors } = await api.result(api.request('query', { [field.name]: true }));
      assert.equal(errors, undefined, `${field.name}: ${JSON.stringify(errors)}`);
      asked += 1;
    }
    return asked;
  } finally {
    await session.close();
  }
}

await over(github, async (url) => {
  assert((await askForEverything(url, github)) > 5);
  const session = await connect(url);
  const api = createApi(session, github);
  const repository = await api.query.repository(
    { owner: 'octocat', name: 'hello-world' },
    {
      nameWithOwner: true,
      'open: issues': {
        $args: { first: 2, states: ['OPEN'] },
        totalCount: true,
        nodes: { title: true, author: { login: true, $on: { User: { company: true } } } },
      },
    },
  );
  assert(repository !== null);
  const names: string = repository.nameWithOwner;
  const count: number = repository.open.totalCount;
  const titles: (string | undefined)[] | undefined = repository.open.nodes?.map((issue) => issue?.title);
  assert.deepEqual([names, count, titles], ['nameWithOwner', 7, ['title', 'title']]);
  // @ts-expect-error There is no such field.
  await assert.rejects(api.query.repository({ owner: 'octocat', name: 'hello-world' }, { nameWithOwners: true }), {
    name: 'ValidationError',
    suggestions: ['nameWithOwner'],
  });
  const added = await api.mutation.addStar({ input: { starrableId: 'R_1' } }, { starrable: { stargazerCount: true } });
  assert.equal(added?.starrable?.stargazerCount, 7);
  await session.close();
});

await over(storefront, async (url) => {
  assert((await askForEverything(url, storefront)) > 5);
  const session = await connect(url);
  const api = createApi(session, storefront);
  const { shop, products } = await api.query({
    shop: { name: true },
    products: {
      $args: { first: 2, sortKey: 'PRICE' },
      nodes: { title: true, priceRange: { minVariantPrice: ['amount', 'currencyCode'] } },
    },
  });
  const prices = products.nodes.map(({ title, priceRange }) => [title, priceRange.minVariantPrice.amount]);
  assert.deepEqual(
    [shop.name, prices],
    [
      'name',
      [
        ['title', 'amount'],
        ['title', 'amount'],
      ],
    ],
  );
  await session.close();
});

await over(customer, async (url) => {
  assert((await askForEverything(url, customer)) > 0);
  const session = await connect(url);
  const api = createApi(session, customer);
  const { emailAddress, orders } = await api.query.customer(
    {},
    { emailAddress: { emailAddress: true }, orders: { $args: { first: 1 }, nodes: { name: true } } },
  );
  assert.deepEqual([emailAddress?.emailAddress, orders.nodes[0]?.name], ['emailAddress', 'name']);
  await session.close();
});
