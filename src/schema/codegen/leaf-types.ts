// What TypeScript has for GraphQL's own scalars. GraphQL specification, section 3.5.

interface LeafType {
  readonly result: string;
  readonly input: string;
}

const builtIn: ReadonlyMap<string, LeafType> = new Map([
  ['Boolean', { result: 'boolean', input: 'boolean' }],
  ['Float', { result: 'number', input: 'number' }],
  ['ID', { result: 'string', input: 'string | number' }],
  ['Int', { result: 'number', input: 'number' }],
  ['String', { result: 'string', input: 'string' }],
]);

export function builtInType(name: string, direction: keyof LeafType): string | undefined {
  return builtIn.get(name)?.[direction];
}
