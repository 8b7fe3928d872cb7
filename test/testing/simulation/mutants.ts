// Builds copies of the simulation and of everything that it drives, each with one deliberate mistake. One compiler run makes
// them all: the unchanged files once, the changed ones for each mutant.

import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Schedule } from '../../../src/testing/simulation/schedule.js';
import type { Mutation } from './mutations.js';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../../..');
const compiler = join(root, 'node_modules/typescript/bin/tsc');
/** Everything that the simulation reaches. */
const parts = ['protocol', 'session', 'transport', 'testing/simulation', 'testing/seeded-random.ts'];
/** The types are checked elsewhere. */
const compilerOptions = {
  target: 'es2022',
  module: 'nodenext',
  noCheck: true,
  noResolve: true,
  types: [],
  rootDir: 'sources',
  outDir: 'compiled',
};

export interface Found {
  readonly seed: number;
  readonly violation: string;
  readonly schedule: Schedule;
  /** Where the schedule was written, from the mutant's folder. */
  readonly file: string;
}

export class Mutants {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Rejects when a patch does not apply exactly once. */
  static async build(mutations: readonly Mutation[]): Promise<Mutants> {
    const mutants = new Mutants(await mkdtemp(join(tmpdir(), 'holdfast-mutants-')));
    try {
      await mutants.#compile(mutations);
    } catch (error) {
      await mutants.remove();
      throw error;
    }
    return mutants;
  }

  async #compile(mutations: readonly Mutation[]): Promise<void> {
    const folder = this.#folder;
    for (const part of parts)
      await cp(join(root, 'src', part), join(folder, 'sources/base', part), { recursive: true });
    for (const [index, mutation] of mutations.entries()) await patch(mutation, join(folder, 'sources', String(index)));
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['sources'] }));
    await run(process.execPath, [compiler, '-p', folder]);
    for (const [index] of mutations.entries()) {
      for (const layer of ['base', String(index)]) {
        await cp(join(folder, 'compiled', layer), this.#mutant(index), { recursive: true });
      }
    }
  }

  /** What the simulation finds in so many seeds. It is shrunk where runs are given for that. */
  async simulate(index: number, seeds: number, shrinkRuns = 0): Promise<Found | undefined> {
    const limits = ['--seeds', String(seeds), '--shrink-runs', String(shrinkRuns)];
    return (await this.#run<{ readonly failure?: Found }>(index, limits)).failure;
  }

  /** What the schedule in a file of this mutant leads to. */
  async replay(index: number, file: string): Promise<string | undefined> {
    return (await this.#run<{ readonly violation?: string }>(index, ['--replay', file])).violation;
  }

  async replaySchedule(index: number, schedule: Schedule): Promise<string | undefined> {
    const file = join(this.#mutant(index), 'schedule.json');
    await writeFile(file, JSON.stringify(schedule));
    return this.replay(index, file);
  }

  async #run<T>(index: number, args: readonly string[]): Promise<T> {
    const main = join(this.#mutant(index), 'testing/simulation/main.js');
    const { stdout } = await run(process.execPath, [main, '--json', ...args], {
      cwd: this.#mutant(index),
      timeout: 240_000,
      maxBuffer: 2 ** 26,
    }).catch((error: { readonly stdout?: string }) => ({ stdout: error.stdout ?? '' }));
    return JSON.parse(stdout) as T;
  }

  #mutant(index: number): string {
    return join(this.#folder, 'mutants', String(index));
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function patch({ name, patches }: Mutation, folder: string): Promise<void> {
  const texts = new Map<string, string>();
  for (const { file, find, replace } of patches) {
    const text = texts.get(file) ?? (await readFile(join(root, 'src', file), 'utf8'));
    const pieces = text.split(find);
    if (pieces.length !== 2)
      throw new Error(`"${name}" applies ${pieces.length - 1} times to src/${file}; once is wanted.`);
    texts.set(file, pieces.join(replace));
  }
  for (const [file, text] of texts) {
    const path = join(folder, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}
