// From the bytes of a body to the parts of a form: RFC 7578. Bounded in its parts, their headers and in all; a form that has been
// found faulty is read to its end all the same, within the same bound, so that its client gets to its answer.

import type { BusboyParser, MakeBusboy } from './busboy.js';
import { Form, type FormLimits } from './form.js';
import { badForm, tooMuch, type UploadFault } from './upload-fault.js';

/** Beside the files: the two that count, and some that concern nobody. */
const maxFields = 10;
const maxHeaders = 20;
const maxHeaderBytes = 8 * 1024;

export type FormRead =
  | { readonly operations: unknown }
  /** `dropsRequest`: the rest of the body has not been read. */
  | { readonly fault: UploadFault; readonly dropsRequest: boolean }
  /** The client went away before the end. */
  | 'gone';

/** Never rejects. */
export async function readForm(
  chunks: AsyncIterable<Uint8Array>,
  contentType: string,
  limits: FormLimits,
  make: MakeBusboy,
): Promise<FormRead> {
  const form = new Form(limits);
  const feed = new Feed(form, contentType, limits, make);
  const most = limits.maxFiles * limits.maxFileBytes + 2 * limits.messageBytes + maxHeaderBytes * maxFields;
  let size = 0;
  try {
    for await (const chunk of chunks) {
      size += chunk.byteLength;
      if (size > most) {
        const fault =
          form.fault ?? tooMuch(`The form is larger than ${most} bytes, which is more than its files may add up to.`);
        return { fault, dropsRequest: true };
      }
      await feed.write(chunk);
    }
  } catch {
    return 'gone';
  }
  await feed.end();
  const read = form.finish();
  return 'fault' in read ? { ...read, dropsRequest: false } : read;
}

/** Hands the bytes of a body to the parser, and the parts that it finds to the form. */
class Feed {
  readonly #form: Form;
  readonly #parser: BusboyParser | undefined;
  /** Whoever waits for the parser goes on. */
  #wake: () => void = () => {};

  constructor(form: Form, contentType: string, limits: FormLimits, make: MakeBusboy) {
    this.#form = form;
    try {
      this.#parser = this.#listen(make(configOf(contentType, limits)));
    } catch {
      form.fail(badForm('The Content-Type has no boundary that its form could be read by.'));
    }
  }

  /** Resolves when there is room for more. */
  write(bytes: Uint8Array): Promise<void> {
    return this.#until((parser, done) => parser.write(bytes, done));
  }

  /** Resolves when every part has come to its end. */
  end(): Promise<void> {
    return this.#until((parser) => parser.end());
  }

  /**
   * The parser waits for nothing but its own next ticks: what it has not done by the next turn of the event loop it never will,
   * which is so of some forms that are none.
   */
  #until(act: (parser: BusboyParser, done: () => void) => void): Promise<void> {
    const parser = this.#parser;
    if (parser === undefined || this.#form.fault !== undefined) return Promise.resolve();
    return new Promise((resolve) => {
      const turn = setTimeout(() => this.#fail(() => this.#form.fail(badForm(brokenForm))));
      this.#wake = () => {
        clearTimeout(turn);
        resolve();
      };
      act(parser, this.#wake);
    });
  }

  #listen(parser: BusboyParser): BusboyParser {
    const form = this.#form;
    parser.on('field', (name, value, _nameCut, valueCut) => form.field(name ?? '', value, valueCut));
    parser.on('file', (name = '', file, filename = '', _encoding, type) => {
      const sink = form.file(name, filename, type);
      file.on('data', (bytes) => sink.add(bytes));
      file.on('end', () => sink.end());
      file.on('limit', () => this.#fail(() => form.fileTooLarge(name)));
      // The parser tells the same.
      file.on('error', () => {});
    });
    parser.on('filesLimit', () => this.#fail(() => form.tooManyFiles()));
    const tooManyParts = (): void =>
      this.#fail(() => form.fail(badForm('The form has too many parts beside its files.')));
    parser.on('fieldsLimit', tooManyParts);
    parser.on('partsLimit', tooManyParts);
    parser.on('error', () => this.#fail(() => form.fail(badForm(brokenForm))));
    parser.on('finish', () => this.#wake());
    return parser;
  }

  #fail(tell: () => void): void {
    tell();
    this.#wake();
  }
}

const brokenForm =
  'The form is not well-formed: it ends before its closing boundary, or has another boundary than its Content-Type says.';

function configOf(contentType: string, limits: FormLimits): Parameters<MakeBusboy>[0] {
  return {
    headers: { 'content-type': contentType },
    limits: {
      fieldSize: limits.messageBytes,
      fields: maxFields,
      fileSize: limits.maxFileBytes,
      files: limits.maxFiles,
      parts: limits.maxFiles + 1 + maxFields,
      headerPairs: maxHeaders,
      headerSize: maxHeaderBytes,
    },
    // Some clients send the two fields as files, to give them a media type.
    isPartAFile: (name, type, filename) =>
      name !== 'operations' && name !== 'map' && (filename !== undefined || type === 'application/octet-stream'),
  };
}
