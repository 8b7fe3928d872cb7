// The figures as a table: a row for each cell, a column for each contender, with the median, the spread of the rounds, and
// the ratio to the first contender.

const short = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));

function figure({ median, min, max, ratio }) {
  const spread = min === max ? short(median) : `${short(median)} (${short(min)}-${short(max)})`;
  return `${spread}  ${ratio.median.toFixed(2)}x`;
}

/** @param {{ bench: string, node: string, cpu: string, rounds: number, contenders: string[], cells: object[] }} found */
export function table({ bench, node, cpu, rounds, contenders, cells }) {
  const rows = cells.map(({ cell, unit, figures }) => [
    `${cell}, ${unit}`,
    ...contenders.map((name) => (figures[name] === undefined ? '-' : figure(figures[name]))),
  ]);
  const lines = [['', ...contenders], ...rows];
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const head = `${bench}: Node ${node}, ${cpu}, ${rounds} interleaved rounds; median (min-max), ratio to ${contenders[0]}`;
  const body = lines.map((line) =>
    line
      .map((text, column) => text.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
  return `${[head, '', ...body].join('\n')}\n`;
}
