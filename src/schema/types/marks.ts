// What a generated module marks the types of interfaces and unions with, so that the compiler knows them by name, and how
// it takes the types of scalars from a program's codecs. Its types are ordinary interfaces otherwise.

import type { CodecValue } from '../scalars/codec.js';

/** The key under which the type of an interface or union has its name. Never there at run time. */
export declare const abstract: unique symbol;

/** What the arguments and results of operations have for a scalar or enum, which the codecs of a program decide. */
export type ScalarType<Codecs, Name extends string, Otherwise = unknown> = Name extends keyof Codecs
  ? CodecValue<Codecs[Name]>
  : Otherwise;
