// Drawings in a page: each stands between its own two marks, and a test sees that it is what the code draws.

/** What draws each, by its name. */
export type Drawings = Readonly<Record<string, () => string>>;

const marked = /^<!-- drawn: (\S+) -->\n[\s\S]*?^<!-- end -->$/gm;

/** The names of the drawings that the page has a place for. */
export function placesIn(page: string): readonly string[] {
  return [...page.matchAll(marked)].map(([, name = '']) => name);
}

/** The page with every drawing as the code has it now. */
export function draw(page: string, drawings: Drawings): string {
  return page.replace(marked, (_place, name: string) => {
    const drawing = drawings[name];
    if (drawing === undefined) throw new Error(`There is no drawing "${name}".`);
    return `<!-- drawn: ${name} -->\n${drawing()}\n<!-- end -->`;
  });
}
