// A program on the big schema, compiled: what it costs TypeScript beyond loading the modules.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const options = {
  target: 'es2022',
  module: 'esnext',
  moduleResolution: 'bundler',
  lib: ['es2023', 'dom'],
  types: [],
  strict: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
  skipLibCheck: true,
};

/**
 * Writes `program.ts` into the folder and compiles it.
 *
 * @returns The diagnostics of the compiler that a budget can be set for, and the seconds that it checked.
 * @throws Error with the output of the compiler where the program is wrong.
 */
export async function compiled(compiler, folder, program, { paths = {}, strictest = true } = {}) {
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  writeFileSync(join(folder, 'program.ts'), program);
  const compilerOptions = { ...options, exactOptionalPropertyTypes: strictest, paths };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }));
  const output = await outputOf(compiler, ['-p', 'tsconfig.json', '--extendedDiagnostics'], folder);
  const figure = (name) => Number(new RegExp(`^${name}:\\s*([\\d.]+)`, 'm').exec(output)?.[1]);
  return {
    instantiations: figure('Instantiations'),
    types: figure('Types'),
    checkSeconds: figure('Check time'),
  };
}

function outputOf(command, args, cwd) {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'], timeout: 300_000 });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${command} ${args.join(' ')} in ${cwd}\n${output}`));
    });
  });
}
