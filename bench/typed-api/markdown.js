// The figures as the tables of the guide.

import { tasks } from './tasks.js';

const kB = (bytes) => (bytes / 1_000).toLocaleString('en', { maximumFractionDigits: bytes < 100_000 ? 1 : 0 });
const count = (number) => number.toLocaleString('en');
const row = (cells) => `| ${cells.join(' | ')} |`;

const head = (title, { contenders, versions }) => [
  row([title, ...contenders.map((name) => `${name} ${versions[name]}`)]),
  `|---|${'---:|'.repeat(contenders.length)}`,
];

function linesTable(found) {
  const { contenders, lines } = found;
  const cell = (one) => {
    if (one === undefined) return 'not possible';
    return `${one.lines} (${one.characters})${one.remark === undefined ? '' : `, ${one.remark}`}`;
  };
  const common = Object.keys(tasks).filter((task) => contenders.every((name) => lines[name][task] !== undefined));
  const all = (name) => {
    const of = common.map((task) => lines[name][task]);
    return {
      lines: of.reduce((sum, one) => sum + one.lines, 0),
      characters: of.reduce((sum, one) => sum + one.characters, 0),
    };
  };
  return [
    ...head('lines (characters without white space)', found),
    row(['setup', ...contenders.map((name) => cell(lines[name].setup))]),
    ...Object.entries(tasks).map(([task, about], index) =>
      row([`${index + 1}: ${about}`, ...contenders.map((name) => cell(lines[name][task]))]),
    ),
    row([`the ${common.length} that all can do, together`, ...contenders.map((name) => cell(all(name)))]),
  ];
}

function costsTable(found) {
  const { contenders, generated, instantiations, bigSchema, bundles } = found;
  const line = (title, cell) => row([title, ...contenders.map(cell)]);
  const size = ({ bytes, gzip }) => `${kB(bytes)} (${kB(gzip)})`;
  const bundle = (one) =>
    one === undefined ? '' : one.graphql === 0 ? kB(one.own) : `${kB(one.own)} + ${kB(one.graphql)}`;
  return [
    ...head('', found),
    line('generated for the library, kB (gzip)', (name) => size(generated.library[name])),
    line('of it in a web page, kB min+gzip', (name) => kB(generated.library[name].atRunTime)),
    line("generated for GitHub's schema, kB (gzip)", (name) => size(generated.github[name])),
    line('of it in a web page, kB min+gzip', (name) => kB(generated.github[name].atRunTime)),
    line('type instantiations of the ten tasks, TypeScript 5.6', (name) => count(instantiations[name][5.6])),
    line('the same, TypeScript 7', (name) => count(instantiations[name][7])),
    line('of 20 operations on a schema of 2,000 types, TypeScript 5.6', (name) =>
      count(bigSchema[name].instantiations[5.6]),
    ),
    line('the same, TypeScript 7', (name) => count(bigSchema[name].instantiations[7])),
    line('bundle of task 1, kB min+gzip', (name) => bundle(bundles[name].one)),
    line('the same beside a session that is there already', (name) => bundle(bundles[name].oneBesideSession)),
    line('the same with @urql/core as the client', (name) => bundle(bundles[name].oneWithUrql)),
    line('bundle of all tasks, kB min+gzip', (name) => bundle(bundles[name].ten)),
    line('the same beside a session that is there already', (name) => bundle(bundles[name].tenBesideSession)),
  ];
}

/** @param {object} found What the bench found. */
export function markdown(found) {
  return `${[...linesTable(found), '', ...costsTable(found)].join('\n')}\n`;
}
