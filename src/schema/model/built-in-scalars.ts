// The scalars that every schema has, whether its source names them or not. GraphQL specification, section 3.5.

export const builtInScalars: ReadonlySet<string> = new Set(['Boolean', 'Float', 'ID', 'Int', 'String']);
