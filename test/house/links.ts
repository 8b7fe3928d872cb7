// The links within a Markdown page, and those that lead nowhere.

/** The anchors that a page's links name. */
export function linksIn(page: string): readonly string[] {
  return [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = '']) => anchor);
}

export function deadLinksIn(page: string): readonly string[] {
  const anchors = anchorsOf(page);
  return linksIn(page).filter((anchor) => !anchors.includes(anchor));
}

/** A file of the package, and the place in it that is meant. */
export interface FileLink {
  readonly path: string;
  readonly anchor: string | undefined;
}

/** The links of a page to files beside it. */
export function fileLinksIn(page: string): readonly FileLink[] {
  return [...page.matchAll(/\]\((?!#|https?:)([^)#\s]+)(?:#([^)]+))?\)/g)].map(([, path = '', anchor]) => ({
    path,
    anchor,
  }));
}

/** What links to the headings of a page name. */
export function anchorsOf(page: string): readonly string[] {
  return [...page.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => anchorOf(title));
}

/** As GitHub makes them. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}
