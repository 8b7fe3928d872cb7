// What a GraphQL name is: everything that ends up in a document's text is asked here first, so that no text gets in through
// a name. GraphQL specification, section 2.1.9.

const name = /^[_A-Za-z][_0-9A-Za-z]*$/;

export function isName(value: unknown): value is string {
  return typeof value === 'string' && name.test(value);
}
