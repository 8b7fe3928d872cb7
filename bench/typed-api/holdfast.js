// Our side of it: the module that `generate` writes for the big schema, and the program on it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate } from '../../dist/schema/codegen/index.js';
import { loadSchema } from '../../dist/schema/index.js';
import { written } from './operations.js';
import { bigSchema } from './schema.js';

const entry = fileURLToPath(new URL('../../dist/schema/index.d.ts', import.meta.url));

export const ourPaths = { 'holdfast/schema': [entry] };

export const ourProgram = `import type { Api } from 'holdfast/schema';
import type { $Types } from './generated.js';
declare const api: Api<$Types>;
${written.holdfast.join('\n')}
`;

/** Writes the module into the folder and answers with its bytes. */
export async function writeOurModule(folder) {
  const scalars = { uuid: 'string', timestamptz: 'string', numeric: 'string', jsonb: 'unknown' };
  const text = generate(await loadSchema(bigSchema()), { source: 'schema.graphql', scalars });
  writeFileSync(join(folder, 'generated.ts'), text);
  return Buffer.byteLength(text);
}
