// The text of a default: whether it is a value of GraphQL, and the shortest form of it. Servers tell defaults as texts, and
// some tell what is none, as `<Genre.NEW: 1>`. GraphQL specification, September 2025, sections 2.1 (Source Text) and 2.10
// (Input Values).

const ignored = /(?:[\uFEFF\t\n\r ,]|#[^\n\r]*(?![^\n\r]))*/;
const block = /"""((?:[^"\\]|\\"""|\\(?!""")|"(?!""))*)"""/;
const string = /(?!""")"(?:[^"\\\n\r]|\\["\\/bfnrt]|\\u[\da-fA-F]{4})*"/;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/;
const name = /[_A-Za-z]\w*/;

const token = new RegExp(
  `${ignored.source}(?:${block.source}|(${string.source}|${number.source})|(${name.source})|([[\\]{}:])|$)`,
  'y',
);

/** Readers of GraphQL fail at some depth, each at another. */
const mostLevels = 500;

/** The value with one form of blanks, commas and texts, without comments. Undefined: it is no value of GraphQL, or several. */
export function shortestValue(text: string): string | undefined {
  // Half of a character is part of no document.
  if (/\p{Surrogate}/u.test(text)) return undefined;
  let shortest = '';
  let shape = '';
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const [found, inBlock, leaf, word, punctuator] = token.exec(text) ?? [];
    if (found === undefined) return undefined;
    const next = inBlock === undefined ? (leaf ?? word ?? punctuator ?? '') : quotedBlock(inBlock);
    shortest += /[\w"]/.test(shortest.at(-1) ?? '') && /^[\w"-]/.test(next) ? ` ${next}` : next;
    shape += punctuator ?? (word === undefined ? next && 'v' : 'n');
  }
  return isOneValue(shape) ? shortest : undefined;
}

function quotedBlock(inside: string): string {
  return JSON.stringify(inside.replaceAll('\\"""', '"""'));
}

/** `v` stands for a number or text, `n` for a name, the others for themselves: from inside to outside, all becomes one. */
function isOneValue(shape: string): boolean {
  let left = shape;
  for (let level = 0; level < mostLevels && left.length > 1; level += 1) {
    left = left.replace(/\[[vn]*\]|\{(?:n:[vn])*\}/g, 'v');
  }
  return left === 'v' || left === 'n';
}
