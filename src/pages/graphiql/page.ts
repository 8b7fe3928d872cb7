// The page: GraphiQL 3, from the scripts that were loaded before this one, with our fetcher and the address of the page as
// its endpoint.

import { defaultQuery } from './default-query.js';
import { type Fetcher, makeFetcher } from './fetcher.js';

/** What is used of what the scripts of React and GraphiQL leave behind. */
interface Scripts {
  readonly React: { createElement(type: unknown, properties: GraphiqlProperties): unknown };
  readonly ReactDOM: { createRoot(container: Element): { render(element: unknown): void } };
  readonly GraphiQL: unknown;
}

interface GraphiqlProperties {
  readonly fetcher: Fetcher;
  readonly defaultQuery: string;
}

const { React, ReactDOM, GraphiQL } = globalThis as unknown as Scripts;
const container = document.getElementById('graphiql');
if (container !== null) {
  const fetcher = makeFetcher(new URL(location.pathname, location.origin));
  ReactDOM.createRoot(container).render(React.createElement(GraphiQL, { fetcher, defaultQuery }));
}
