// The one door to @fastify/busboy, which takes forms apart: an optional peer, imported at first use.

import { importFailure } from '../../../protocol/errors/import-failure.js';

/** A part that is a file, as far as it is used. */
export interface BusboyFile {
  on(event: 'data', listener: (bytes: Uint8Array) => void): void;
  on(event: 'limit' | 'end', listener: () => void): void;
  on(event: 'error', listener: (error: unknown) => void): void;
}

/** The parser of one form, as far as it is used. */
export interface BusboyParser {
  write(bytes: Uint8Array, done: () => void): unknown;
  end(): void;
  on(event: 'finish' | 'filesLimit' | 'fieldsLimit' | 'partsLimit', listener: () => void): void;
  on(event: 'error', listener: (error: unknown) => void): void;
  on(
    event: 'field',
    listener: (name: string | undefined, value: string, nameCut: boolean, valueCut: boolean) => void,
  ): void;
  on(
    event: 'file',
    listener: (
      name: string | undefined,
      file: BusboyFile,
      filename: string | undefined,
      encoding: string,
      type: string,
    ) => void,
  ): void;
}

export interface BusboyConfig {
  readonly headers: { readonly 'content-type': string };
  readonly limits: Readonly<
    Record<'fieldSize' | 'fields' | 'fileSize' | 'files' | 'parts' | 'headerPairs' | 'headerSize', number>
  >;
  readonly isPartAFile: (name: string | undefined, type: string | undefined, filename: string | undefined) => boolean;
}

/** Throws where the Content-Type has no boundary. */
export type MakeBusboy = (config: BusboyConfig) => BusboyParser;

/** @throws MissingDependencyError where @fastify/busboy is not installed. */
export async function loadBusboy(): Promise<MakeBusboy> {
  try {
    const { Busboy } = await import('@fastify/busboy');
    return (config) => new Busboy(config);
  } catch (error) {
    throw importFailure(error, '@fastify/busboy', '^3.0.0', 'The option "uploads"');
  }
}
