// The shop's GraphQL schema, and its root value: one function for each field of the root types, in front of the shop.

import type { GraphQLSchema } from 'graphql';
import type { FeedEvent, NewOrder, Order, Product, Shop } from './shop.js';

const shopTypes = `
  type Query {
    products: [Product!]!
    product(id: ID!): Product
  }

  type Mutation {
    "The reference is the customer's own: it finds the order again when the answer was lost."
    placeOrder(reference: String!, product: ID!, quantity: Int!): Order!
  }

  type Subscription {
    "Every step of every order, from now on."
    orderFeed: OrderEvent!
  }

  type Product {
    id: ID!
    name: String!
    priceInCents: Int!
  }

  type Order {
    id: ID!
    reference: String!
    product: Product!
    quantity: Int!
    status: OrderStatus!
  }

  enum OrderStatus {
    PLACED
    PACKED
    SHIPPED
  }

  type OrderEvent {
    "Counts from 1, without holes."
    sequence: Int!
    order: OrderStep!
  }

  type OrderStep {
    id: ID!
    reference: String!
    status: OrderStatus!
  }
`;

/** What the root fields answer. */
export interface ShopRoot {
  products(): Promise<readonly Product[]>;
  product(args: { readonly id: string }): Promise<Product | undefined>;
  placeOrder(order: NewOrder): Promise<Order>;
  orderFeed(): AsyncIterable<[FeedEvent]>;
}

export function shopRoot(shop: Shop): ShopRoot {
  return {
    products: () => shop.products(),
    product: ({ id }) => shop.product(id),
    placeOrder: (order) => shop.placeOrder(order),
    orderFeed: () => shop.feed(),
  };
}

/** The function is graphql-js's own: the package is loaded where it is needed. */
export function shopSchema(buildSchema: (types: string) => GraphQLSchema): GraphQLSchema {
  const schema = buildSchema(shopTypes);
  const orderFeed = schema.getSubscriptionType()?.getFields().orderFeed;
  // Events of node:events come as lists of arguments.
  if (orderFeed !== undefined) orderFeed.resolve = ([event]: [FeedEvent]) => event;
  return schema;
}
