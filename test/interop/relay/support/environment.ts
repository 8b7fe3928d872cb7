// Environments of Relay on our server: queries and mutations by fetch, subscriptions by a client over WebSocket, in the way
// that Relay's documentation gives for its network layer.

import {
  Environment,
  type FetchFunction,
  type GraphQLResponse,
  Network,
  Observable,
  RecordSource,
  type RequestParameters,
  Store,
  type SubscribeFunction,
  type Variables,
} from 'relay-runtime';
import { type DocumentSource, documentById } from '../../../../src/protocol/document.js';
import type { Session } from '../../../../src/session/session.js';
import type { PeerClient } from '../../graphql-ws/support/peer-client.js';

/** What a server is sent: the text, or the id as the parameter that GraphQL over HTTP has for it. */
function requestOf({ id, text, name }: RequestParameters, variables: Variables) {
  return id === null ? { query: text ?? '', operationName: name, variables } : { documentId: id, variables };
}

export function overHttp(url: string, fetchFunction: typeof fetch): FetchFunction {
  return async (params, variables) => {
    const response = await fetchFunction(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json' },
      body: JSON.stringify(requestOf(params, variables)),
    });
    return (await response.json()) as GraphQLResponse;
  };
}

export function overGraphqlWs({ client }: PeerClient): SubscribeFunction {
  return (params, variables) =>
    Observable.create<GraphQLResponse>((sink) =>
      // It sends nothing that has no text: where there is an id the text is empty.
      client.subscribe(
        { query: '', ...requestOf(params, variables) },
        {
          next: (result) => sink.next(result as GraphQLResponse),
          error: (error) => sink.error(error as Error),
          complete: () => sink.complete(),
        },
      ),
    );
}

export function overSession(session: Session): SubscribeFunction {
  return ({ id, text }, variables) =>
    Observable.create<GraphQLResponse>((sink) => {
      const document: DocumentSource<object, Variables> =
        id === null ? (text ?? '') : documentById(id, { kind: 'subscription' });
      const events = session.subscribe(document, variables);
      const read = async (): Promise<void> => {
        for await (const event of events) {
          // Relay has no word for a gap.
          if (event.type !== 'gap') sink.next({ data: event.data });
        }
      };
      read().then(
        () => sink.complete(),
        (error: Error) => sink.error(error),
      );
      return () => void events.return?.();
    });
}

export function environment(fetchFunction: FetchFunction, subscribe?: SubscribeFunction): Environment {
  return new Environment({
    network: Network.create(fetchFunction, subscribe),
    store: new Store(new RecordSource()),
  });
}
