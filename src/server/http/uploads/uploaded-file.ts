// A file as resolvers see it: the platform's own `File` (W3C File API, section 4), where the operation has a variable for it.

/**
 * One file of a request: what a resolver finds in place of a variable of the scalar `Upload`. It is the platform's `File`, it has
 * arrived completely, and it can be read any number of times.
 *
 * @example
 * ```ts
 * setAvatar: async (_, { file }) => {
 *   for await (const bytes of file.stream()) await out.write(bytes);   // or: Readable.from(file.stream()).pipe(out)
 * }
 * ```
 */
export interface UploadedFile {
  /** As the client gave it, without folders. It may be empty. Never use it as a path. */
  readonly name: string;
  /** The media type that the client gave, in lower case: a claim, not a fact. */
  readonly type: string;
  /** In bytes. */
  readonly size: number;
  stream(): AsyncIterable<Uint8Array>;
  arrayBuffer(): Promise<ArrayBuffer>;
  text(): Promise<string>;
}

/** Whether a value is a file that came with a request. */
export function isUpload(value: unknown): value is UploadedFile {
  return Object.prototype.toString.call(value) === '[object File]';
}

/** What a scalar type is made of. */
export interface UploadScalarConfig {
  readonly name: string;
  readonly description: string;
  readonly parseValue: (value: unknown) => UploadedFile;
  readonly parseLiteral: () => never;
  readonly serialize: (value: unknown) => never;
}

/**
 * What the scalar `Upload` of a schema is made of: a file comes in as a variable, and never goes out.
 *
 * @example
 * ```ts
 * const Upload = new GraphQLScalarType(uploadScalar);
 * makeExecutableSchema({ typeDefs: 'scalar Upload ...', resolvers: { Upload } });
 * ```
 */
export const uploadScalar: UploadScalarConfig = {
  name: 'Upload',
  description: 'A file, sent beside the variables as the GraphQL multipart request specification has it.',
  parseValue(value) {
    if (isUpload(value)) return value;
    throw notAFile();
  },
  parseLiteral() {
    throw notAFile();
  },
  serialize() {
    throw new Error('An Upload cannot be answered: give the field of a result another type.');
  },
};

function notAFile(): Error {
  return new Error(
    'An Upload must be a file: send it as a variable, as the GraphQL multipart request specification says.',
  );
}
