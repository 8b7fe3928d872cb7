// The figures as a table: under each cell a row for each contender, with the median and the spread of its rounds, and the
// median and the spread of its ratio to the first contender; a row more where it is compared with another one as well.

const short = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));

const ratioColumns = (ratio) =>
  ratio === undefined
    ? ['-', '-']
    : [`${ratio.median.toFixed(2)}x`, `${ratio.min.toFixed(2)} - ${ratio.max.toFixed(2)}`];

const rowsOf = (name, { median, min, max, ratio, second }) => [
  [`  ${name}`, short(median), `${short(min)} - ${short(max)}`, ...ratioColumns(ratio)],
  ...(second === undefined ? [] : [[`    to ${second.to}`, '', '', ...ratioColumns(second.ratio)]]),
];

/** @param {{ bench: string, node: string, cpu: string, rounds: number, contenders: string[], cells: object[], notes?: string[] }} found */
export function table({ bench, node, cpu, rounds, contenders, cells, notes = [] }) {
  const lines = [['', 'median', 'spread', `to ${contenders[0]}`, 'spread']];
  for (const { cell, unit, figures } of cells) {
    lines.push([], [`${cell}, ${unit}`]);
    for (const [name, figure] of Object.entries(figures)) lines.push(...rowsOf(name, figure));
  }
  const widths = [0, 1, 2, 3, 4].map((column) =>
    Math.max(...lines.filter(({ length }) => length > 1).map((line) => line[column].length)),
  );
  const body = lines.map((line) =>
    line
      .map((text, column) => text.padEnd(widths[column]))
      .join('   ')
      .trimEnd(),
  );
  const head = `${bench}: Node ${node}, ${cpu}, ${rounds} interleaved rounds`;
  const foot = notes.length === 0 ? [] : ['', ...notes.map((note) => `* ${note}`)];
  return `${[head, '', ...body, ...foot].join('\n')}\n`;
}
