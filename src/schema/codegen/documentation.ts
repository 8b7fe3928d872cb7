// Descriptions and deprecations as TSDoc.

interface Documented {
  readonly description: string | undefined;
  readonly deprecated?: string | undefined;
}

/** Whole lines, with `indent` before each; none where there is nothing to say. */
export function documentation({ description, deprecated }: Documented, indent: string): readonly string[] {
  const lines = (description ?? '').split(/\r\n|[\n\r]/).map((line) => line.trimEnd());
  while (lines[0] === '') lines.shift();
  while (lines.at(-1) === '') lines.pop();
  if (deprecated !== undefined) {
    if (lines.length > 0) lines.push('');
    lines.push(`@deprecated ${deprecated.replace(/\s+/g, ' ')}`.trimEnd());
  }
  const [first, ...others] = lines.map((line) => line.replaceAll('*/', '*\\/'));
  if (first === undefined) return [];
  if (others.length === 0) return [`${indent}/** ${first} */`];
  const middle = [first, ...others].map((line) => `${indent} * ${line}`.trimEnd());
  return [`${indent}/**`, ...middle, `${indent} */`];
}
