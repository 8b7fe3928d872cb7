// Whether what is given as a type can stand in a module without breaking the lines around it. It is not parsed as TypeScript:
// the compiler says better than we could what is wrong inside of it.

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' };

/** What is wrong with it, as the end of a sentence; undefined where nothing is. */
export function typeFault(type: string): string | undefined {
  if (/[\n\r\u2028\u2029]/.test(type)) return 'goes over several lines; it must be one';
  // The arrow of a function closes nothing.
  const code = withoutTexts(type).replaceAll('=>', '  ');
  if (/['"`]/.test(code)) return 'has a quotation mark that is not closed';
  if (/\/[/*]/.test(code)) return 'has a comment';
  if (code.includes(';')) return 'has a ";"; members are parted by "," as well';
  return bracketFault(code);
}

/** Of a template only the texts go: what stands in its `${}` is a type again. */
function withoutTexts(type: string): string {
  const withoutStrings = type.replace(/'(?:\\.|[^'\\`])*'|"(?:\\.|[^"\\`])*"/g, 'text');
  return withoutStrings.replace(/`((?:\\.|[^`\\])*)`/g, (_template, inside: string) => {
    const types = [...inside.matchAll(/\$\{([^{}]*)\}/g)].map(([, type]) => type);
    return `(${types.join(' ')})`;
  });
}

function bracketFault(code: string): string | undefined {
  const open: string[] = [];
  for (const [bracket] of code.matchAll(/[()[\]{}<>]/g)) {
    if (bracket in closing) {
      open.push(bracket);
      continue;
    }
    const opened = open.pop();
    if (opened === undefined) return `has a "${bracket}" that closes nothing`;
    if (closing[opened] !== bracket) return notClosed(opened);
  }
  const last = open.pop();
  return last === undefined ? undefined : notClosed(last);
}

function notClosed(bracket: string): string {
  return `has a "${bracket}" that is not closed`;
}
