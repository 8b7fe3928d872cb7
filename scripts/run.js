// Runs the commands below, as `npm start`, `npm test` and their like, from a bare clone: installs when node_modules is missing
// or older than the lockfile, builds when a source is newer than the last build, then hands over. No dependencies: it must
// run before anything is installed. The output of install and build goes to stderr, so stdout belongs to the program alone.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const installed = join(root, 'node_modules', '.package-lock.json');
const dist = join(root, 'dist');
const built = join(dist, '.built');
const bin = (name) => join(root, 'node_modules', '.bin', name);

const commands = {
  build: () => undefined,
  start: (args) => [process.execPath, [join(dist, 'cli', 'main.js'), 'demo', ...args]],
  test: (args) => [bin('vitest'), ['run', ...args]],
  check: (args) => [process.execPath, [join(root, 'scripts', 'checks', 'main.js'), ...args]],
  bench: (args) => [process.execPath, [join(root, 'bench', 'main.js'), ...args]],
  simulate: (args) => [process.execPath, [join(dist, 'testing', 'simulation', 'main.js'), ...args]],
};

const modified = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

function newestUnder(folder) {
  let newest = statSync(folder).mtimeMs;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    newest = Math.max(newest, entry.isDirectory() ? newestUnder(path) : modified(path));
  }
  return newest;
}

/** Runs a step with its stdout sent to stderr, and ends this process when it fails. */
function step(what, command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  process.stderr.write(`${what} failed${error ? `: ${error.message}` : ` (exit code ${status})`}\n`);
  process.exit(1);
}

function install() {
  if (modified(installed) >= modified(join(root, 'package-lock.json'))) return;
  process.stderr.write('Installing dependencies...\n');
  step('npm ci', 'npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund']);
}

function build() {
  const sources = Math.max(
    newestUnder(join(root, 'src')),
    newestUnder(join(root, 'scripts', 'pages')),
    modified(join(root, 'tsconfig.build.json')),
    modified(installed),
  );
  if (modified(built) >= sources) return;
  process.stderr.write('Building...\n');
  // A source that changes while the compiler runs is newer than this, and is built the next time.
  const started = new Date();
  // Into an empty folder, so that nothing of a deleted source stays behind, and into its place only when it is whole. A
  // neighbour of `dist`, so that the paths in the source maps hold.
  const [next, last] = ['next', 'last'].map((which) => `${dist}.${process.pid}.${which}`);
  process.on('exit', () => {
    for (const folder of [next, last]) rmSync(folder, { recursive: true, force: true });
  });
  step('The build', bin('tsc'), ['-p', join(root, 'tsconfig.build.json'), '--outDir', next]);
  step('The build of the pages', process.execPath, [join(root, 'scripts', 'pages', 'main.js'), next]);
  const mark = join(next, '.built');
  writeFileSync(mark, '');
  utimesSync(mark, started, started);
  if (existsSync(dist)) renameSync(dist, last);
  renameSync(next, dist);
}

const [name, ...args] = process.argv.slice(2);
const command = commands[name];
if (command === undefined) {
  process.stderr.write(`Unknown command ${name}; one of ${Object.keys(commands).join(', ')}\n`);
  process.exit(2);
}
install();
build();
const program = command(args);
if (program === undefined) process.exit(0);
const [file, fileArgs] = program;
const child = spawn(file, fileArgs, { cwd: root, stdio: 'inherit' });
// The terminal sends Ctrl-C to the child as well; this process only waits for it and passes its end on.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
