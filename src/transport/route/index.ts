// The entry point `holdfast/route`: several transports as one.

export { type EndpointOptions, endpoint } from './endpoint.js';
export { ladder } from './ladder.js';
export { type Branch, route } from './route.js';
