// The links within a Markdown page, and those that lead nowhere.

/** The anchors that a page's links name. */
export function linksIn(page: string): readonly string[] {
  return [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = '']) => anchor);
}

export function deadLinksIn(page: string): readonly string[] {
  const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => anchorOf(title));
  return linksIn(page).filter((anchor) => !headings.includes(anchor));
}

/** As GitHub makes them. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}
