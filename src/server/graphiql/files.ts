// The files of GraphiQL as they were built into the package, where there is a file system to read them from.

/** What is used of `node:fs`. */
interface FileSystem {
  readonly promises: {
    readdir(folder: URL): Promise<string[]>;
    readFile(file: URL, encoding: 'utf8'): Promise<string>;
  };
}

interface Platform {
  readonly process?: { getBuiltinModule?(id: string): unknown } | undefined;
}

export interface Asset {
  readonly type: string;
  readonly text: string;
}

export interface GraphiqlFiles {
  readonly page: string;
  /** By name. A name holds a hash: what is there under it never changes. */
  readonly assets: ReadonlyMap<string, Asset>;
}

const types: readonly (readonly [extension: string, type: string])[] = [
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
];

/**
 * Undefined where they are not: on a platform without files, or in a bundle that left them behind. Never rejects.
 *
 * @param base The address of a file or folder that is as deep in the built package as this file.
 */
export async function readGraphiqlFiles(base: string | undefined): Promise<GraphiqlFiles | undefined> {
  const fs = (globalThis as Platform).process?.getBuiltinModule?.('node:fs') as FileSystem | undefined;
  if (fs === undefined) return undefined;
  try {
    const folder = new URL('../../pages/graphiql/', base);
    const read = (name: string): Promise<string> => fs.promises.readFile(new URL(name, folder), 'utf8');
    const assets = new Map<string, Asset>();
    for (const name of await fs.promises.readdir(folder)) {
      const type = types.find(([extension]) => name.endsWith(extension))?.[1];
      if (type !== undefined) assets.set(name, { type, text: await read(name) });
    }
    return { page: await read('index.html'), assets };
  } catch {
    return undefined;
  }
}
