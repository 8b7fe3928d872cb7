// What the parts of one form amount to: GraphQL multipart request specification (jaydenseric), section "Multipart form field
// structure". First `operations`, then `map`, then the files in any order; what else the form holds concerns nobody.

import { FileBytes } from './file-bytes.js';
import { type Places, readPlaces, tooManyFiles } from './places.js';
import { badForm, quote, tooMuch, type UploadFault } from './upload-fault.js';

export interface FormLimits {
  readonly maxFiles: number;
  readonly maxFileBytes: number;
  /** Of each of the two fields. */
  readonly messageBytes: number;
}

/** Takes the bytes of one file. */
export interface FileSink {
  add(bytes: Uint8Array): void;
  end(): void;
}

const ignored: FileSink = { add() {}, end() {} };

export class Form {
  readonly #limits: FormLimits;
  #operations: { readonly value: unknown } | undefined;
  #places: Places | undefined;
  readonly #arrived = new Set<string>();
  #fault: UploadFault | undefined;

  constructor(limits: FormLimits) {
    this.#limits = limits;
  }

  /** Why it will not be executed. The first one counts. */
  get fault(): UploadFault | undefined {
    return this.#fault;
  }

  fail(fault: UploadFault): void {
    this.#fault ??= fault;
  }

  field(name: string, text: string, truncated: boolean): void {
    if (this.#fault !== undefined || (name !== 'operations' && name !== 'map')) return;
    if (truncated) {
      const { messageBytes } = this.#limits;
      this.fail(
        tooMuch(`The field "${name}" is larger than ${messageBytes} bytes, the server's option "limits.messageBytes".`),
      );
      return;
    }
    if (name === 'operations') this.#readOperations(text);
    else this.#readMap(text);
  }

  file(name: string, filename: string, type: string): FileSink {
    if (this.#fault !== undefined) return ignored;
    const put = this.#places?.get(name);
    if (this.#places === undefined) {
      this.fail(badForm('The fields "operations" and "map" must come before the files.'));
      return ignored;
    }
    if (put === undefined) return ignored;
    if (this.#arrived.has(name)) {
      this.fail(badForm(`The file ${quote(name)} was sent twice.`));
      return ignored;
    }
    this.#arrived.add(name);
    const bytes = new FileBytes();
    return {
      add: (piece) => {
        if (this.#fault === undefined) bytes.add(piece);
      },
      end: () => {
        if (this.#fault === undefined) put(bytes.toFile(filename, type));
      },
    };
  }

  fileTooLarge(name: string): void {
    const { maxFileBytes } = this.#limits;
    this.fail(
      tooMuch(
        `The file ${quote(name)} is larger than ${maxFileBytes} bytes, the server's option "uploads.maxFileBytes".`,
      ),
    );
  }

  tooManyFiles(): void {
    this.fail(tooManyFiles(this.#limits.maxFiles));
  }

  /** After its last part: `operations` with the files in their places. */
  finish(): { readonly operations: unknown } | { readonly fault: UploadFault } {
    const missing = this.#missing();
    if (missing !== undefined) this.fail(badForm(missing));
    return this.#fault === undefined ? { operations: this.#operations?.value } : { fault: this.#fault };
  }

  #readOperations(text: string): void {
    if (this.#operations !== undefined) this.fail(badForm('The field "operations" was sent twice.'));
    else this.#operations = this.#parse('operations', text);
  }

  #readMap(text: string): void {
    if (this.#operations === undefined) {
      this.fail(badForm('The field "operations" must come first, before "map".'));
    } else if (this.#places !== undefined) {
      this.fail(badForm('The field "map" was sent twice.'));
    } else {
      const map = this.#parse('map', text);
      if (map !== undefined) this.#place(this.#operations.value, map.value);
    }
  }

  #place(operations: unknown, map: unknown): void {
    const places = readPlaces(operations, map, this.#limits.maxFiles);
    if ('status' in places) this.fail(places);
    else this.#places = places;
  }

  #parse(name: string, text: string): { readonly value: unknown } | undefined {
    try {
      return { value: JSON.parse(text) };
    } catch {
      this.fail(badForm(`The field "${name}" is not valid JSON.`));
      return undefined;
    }
  }

  #missing(): string | undefined {
    if (this.#operations === undefined) return missingField('operations');
    if (this.#places === undefined) return missingField('map');
    const name = [...this.#places.keys()].find((one) => !this.#arrived.has(one));
    return name === undefined ? undefined : `The file ${quote(name)} is named by the field "map" and was not sent.`;
  }
}

function missingField(name: string): string {
  return `The form has no field "${name}": send the fields "operations" and "map", then the files, as the GraphQL multipart request specification says.`;
}
