// The entry point `holdfast/route`: several transports as one.

export { ladder } from '../http/ladder.js';
export { type EndpointOptions, endpoint } from './endpoint.js';
export { type Branch, route } from './route.js';
