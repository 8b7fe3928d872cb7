// GraphQL Yoga, whose operations over WebSocket come through graphql-ws: so its documentation connects the two.

import { createServer } from 'node:http';
import { useServer as serveGraphQL } from 'graphql-ws/use/ws';
import { createYoga } from 'graphql-yoga';
import { WebSocketServer } from 'ws';
import { listenOn } from '../../measuring/served.js';
import { schema } from '../../shop/schema.js';

export function listen() {
  const yoga = createYoga({ schema, logging: false });
  const server = createServer(yoga);
  const execution = {
    execute: (args) => args.rootValue.execute(args),
    subscribe: (args) => args.rootValue.subscribe(args),
    async onSubscribe(context, _id, params) {
      const { request: req, socket } = context.extra;
      const enveloped = yoga.getEnveloped({ ...context, req, socket, params });
      const { execute, subscribe, contextFactory, parse, validate } = enveloped;
      const document = parse(params.query);
      const errors = validate(enveloped.schema, document);
      if (errors.length > 0) return errors;
      return {
        schema: enveloped.schema,
        document,
        operationName: params.operationName,
        variableValues: params.variables,
        contextValue: await contextFactory(),
        rootValue: { execute, subscribe },
      };
    },
  };
  serveGraphQL(execution, new WebSocketServer({ server, path: yoga.graphqlEndpoint }));
  return listenOn(server);
}
