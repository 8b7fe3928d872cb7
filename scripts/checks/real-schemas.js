// Schemas of real services, out of packages on npm: `holdfast generate` writes their modules, TypeScript 5.6 and 7 compile them
// under every strict option, and the program of `test/consumers/real-schemas` asks our server with made-up answers.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CheckFailed, root, run } from './command.js';
import { compilers, installed } from './consumers.js';
import { installedTool } from './tools.js';

export function realSchemas(tarball) {
  return installed('real-schemas', tarball, ['graphql@16.15.0'], async (cwd) => {
    const shopify = await installedTool('schemas', '@shopify/hydrogen-react/package.json');
    const sources = {
      github: join(root, 'node_modules/@octokit/graphql-schema/schema.json'),
      storefront: join(shopify, '../storefront.schema.json'),
      customer: join(shopify, '../customer-account.schema.json'),
    };
    const holdfast = (...args) => run(join(cwd, 'node_modules/.bin/holdfast'), args, { cwd });
    const generate = async (source, out) => {
      await holdfast('generate', source, '--out', out);
      const text = readFileSync(join(cwd, out), 'utf8');
      return text.replace(/^\/\/ (Made by|Fingerprint).*\n|^ {2}source: .*\n/gm, '');
    };
    for (const [name, source] of Object.entries(sources)) {
      const sdl = `${name}.graphql`;
      await holdfast('schema', source, '--out', sdl);
      const same = (await generate(sdl, `${name}-sdl.ts`)) === (await generate(source, `${name}.ts`));
      if (!same) throw new CheckFailed(`The module of ${name} is another one out of SDL than out of introspection.`);
    }
    const compiled = (await compilers()).map((compiler, index) => {
      return run(compiler, ['-p', 'tsconfig.json', '--outDir', `compiled-${index}`], { cwd });
    });
    await Promise.all(compiled);
    await run(process.execPath, ['compiled-0/program.js'], { cwd, timeoutMs: 60_000 });
    return `modules of ${Object.keys(sources).join(', ')} compile with TypeScript 5.6 and 7, and are right about answers`;
  });
}
