// Made by `holdfast generate` from names '*/' of types. What is changed here is lost: change the schema and generate again.
// Fingerprint: f8c8b3696497bfd2
/* eslint-disable */
// biome-ignore-all lint: generated
// biome-ignore-all format: generated
// biome-ignore-all assist: generated

import { type abstract as $abstract, generatedSchema as $generatedSchema, type Schema as $Schema } from '../../../../src/schema/index.js';

/** What the program works with for each scalar of the schema's own. */
export interface $Scalars {
  readonly odd: unknown;
}

export interface abstract_ {
  readonly __typename: 'abstract';
  readonly abstract: abstract_ | null;
}

export interface accessor_ {
  readonly __typename: 'accessor';
  readonly accessor: accessor_ | null;
}

export interface any_ {
  readonly __typename: 'any';
  readonly any: any_ | null;
}

export interface arguments {
  readonly __typename: 'arguments';
  readonly arguments: arguments | null;
}

export interface Array {
  readonly __typename: 'Array';
  readonly Array: Array | null;
}

export interface as_ {
  readonly __typename: 'as';
  readonly as: as_ | null;
}

export interface asserts_ {
  readonly __typename: 'asserts';
  readonly asserts: asserts_ | null;
}

export interface async_ {
  readonly __typename: 'async';
  readonly async: async_ | null;
}

export interface await_ {
  readonly __typename: 'await';
  readonly await: await_ | null;
}

export interface bigint_ {
  readonly __typename: 'bigint';
  readonly bigint: bigint_ | null;
}

export interface boolean_ {
  readonly __typename: 'boolean';
  readonly boolean: boolean_ | null;
}

export interface break_ {
  readonly __typename: 'break';
  readonly break: break_ | null;
}

export interface case_ {
  readonly __typename: 'case';
  readonly case: case_ | null;
}

export interface catch_ {
  readonly __typename: 'catch';
  readonly catch: catch_ | null;
}

export interface class_ {
  readonly __typename: 'class';
  readonly class: class_ | null;
}

export interface const_ {
  readonly __typename: 'const';
  readonly const: const_ | null;
}

export interface constructor {
  readonly __typename: 'constructor';
  readonly constructor: constructor | null;
}

export interface continue_ {
  readonly __typename: 'continue';
  readonly continue: continue_ | null;
}

export interface Date {
  readonly __typename: 'Date';
  readonly Date: Date | null;
}

export interface debugger_ {
  readonly __typename: 'debugger';
  readonly debugger: debugger_ | null;
}

export interface declare_ {
  readonly __typename: 'declare';
  readonly declare: declare_ | null;
}

export interface default_ {
  readonly __typename: 'default';
  readonly default: default_ | null;
}

export interface delete_ {
  readonly __typename: 'delete';
  readonly delete: delete_ | null;
}

export interface do_ {
  readonly __typename: 'do';
  readonly do: do_ | null;
}

export interface else_ {
  readonly __typename: 'else';
  readonly else: else_ | null;
}

export interface Empty {
  readonly [$abstract]?: 'Empty';
  readonly __typename: 'Query';
}

export interface enum_ {
  readonly __typename: 'enum';
  readonly enum: enum_ | null;
}

export interface eval {
  readonly __typename: 'eval';
  readonly eval: eval | null;
}

export interface export_ {
  readonly __typename: 'export';
  readonly export: export_ | null;
}

export interface exports {
  readonly __typename: 'exports';
  readonly exports: exports | null;
}

export interface extends_ {
  readonly __typename: 'extends';
  readonly extends: extends_ | null;
}

export interface finally_ {
  readonly __typename: 'finally';
  readonly finally: finally_ | null;
}

export interface for_ {
  readonly __typename: 'for';
  readonly for: for_ | null;
}

export interface from {
  readonly __typename: 'from';
  readonly from: from | null;
}

export interface Function {
  readonly __typename: 'Function';
  readonly Function: Function | null;
}

export interface function_ {
  readonly __typename: 'function';
  readonly function: function_ | null;
}

export interface generatedSchema {
  readonly __typename: 'generatedSchema';
  readonly generatedSchema: generatedSchema | null;
}

export interface get {
  readonly __typename: 'get';
  readonly get: get | null;
}

export interface globalThis_ {
  readonly __typename: 'globalThis';
  readonly globalThis: globalThis_ | null;
}

export interface hasOwnProperty {
  readonly __typename: 'hasOwnProperty';
  readonly hasOwnProperty: hasOwnProperty | null;
}

export interface if_ {
  readonly __typename: 'if';
  readonly if: if_ | null;
}

export interface implements_ {
  readonly __typename: 'implements';
  readonly implements: implements_ | null;
}

export interface import_ {
  readonly __typename: 'import';
  readonly import: import_ | null;
}

export interface in_ {
  readonly __typename: 'in';
  readonly in: in_ | null;
}

export interface infer_ {
  readonly __typename: 'infer';
  readonly infer: infer_ | null;
}

export interface Infinity {
  readonly __typename: 'Infinity';
  readonly Infinity: Infinity | null;
}

export interface instanceof_ {
  readonly __typename: 'instanceof';
  readonly instanceof: instanceof_ | null;
}

export interface interface_ {
  readonly __typename: 'interface';
  readonly interface: interface_ | null;
}

export interface intrinsic_ {
  readonly __typename: 'intrinsic';
  readonly intrinsic: intrinsic_ | null;
}

export interface is_ {
  readonly __typename: 'is';
  readonly is: is_ | null;
}

export interface keyof_ {
  readonly __typename: 'keyof';
  readonly keyof: keyof_ | null;
}

export interface let_ {
  readonly __typename: 'let';
  readonly let: let_ | null;
}

export interface Lonely {
  readonly [$abstract]?: 'Lonely';
  readonly __typename: never;
  readonly id: string | null;
}

export interface Map {
  readonly __typename: 'Map';
  readonly Map: Map | null;
}

export interface module_ {
  readonly __typename: 'module';
  readonly module: module_ | null;
}

export interface namespace_ {
  readonly __typename: 'namespace';
  readonly namespace: namespace_ | null;
}

export interface NaN {
  readonly __typename: 'NaN';
  readonly NaN: NaN | null;
}

export interface never_ {
  readonly __typename: 'never';
  readonly never: never_ | null;
}

export interface new_ {
  readonly __typename: 'new';
  readonly new: new_ | null;
}

export interface number_ {
  readonly __typename: 'number';
  readonly number: number_ | null;
}

export interface Object {
  readonly __typename: 'Object';
  readonly Object: Object | null;
}

export interface object_ {
  readonly __typename: 'object';
  readonly object: object_ | null;
}

export interface of {
  readonly __typename: 'of';
  readonly of: of | null;
}

export type One =
  | { readonly only: Pick };

export interface out_ {
  readonly __typename: 'out';
  readonly out: out_ | null;
}

export interface package_ {
  readonly __typename: 'package';
  readonly package: package_ | null;
}

export interface Partial {
  readonly __typename: 'Partial';
  readonly Partial: Partial | null;
}

export type Pick =
  | 'constructor'
  | 'prototype'
  | 'toString';

export interface private_ {
  readonly __typename: 'private';
  readonly private: private_ | null;
}

export interface Promise {
  readonly __typename: 'Promise';
  readonly Promise: Promise | null;
}

export interface protected_ {
  readonly __typename: 'protected';
  readonly protected: protected_ | null;
}

export interface public_ {
  readonly __typename: 'public';
  readonly public: public_ | null;
}

/** Ends a comment: *\/ and goes on. */
export interface Query {
  readonly __typename: 'Query';
  readonly abstract: readonly abstract_[] | null;
  readonly accessor: readonly accessor_[] | null;
  readonly any: readonly any_[] | null;
  readonly arguments: readonly arguments[] | null;
  readonly Array: readonly Array[] | null;
  readonly as: readonly as_[] | null;
  readonly asserts: readonly asserts_[] | null;
  readonly async: readonly async_[] | null;
  readonly await: readonly await_[] | null;
  readonly bigint: readonly bigint_[] | null;
  readonly boolean: readonly boolean_[] | null;
  readonly break: readonly break_[] | null;
  readonly case: readonly case_[] | null;
  readonly catch: readonly catch_[] | null;
  /** @deprecated Use *\/ this and that. */
  readonly choice: Empty | null;
  readonly class: readonly class_[] | null;
  readonly const: readonly const_[] | null;
  readonly constructor: readonly constructor[] | null;
  readonly continue: readonly continue_[] | null;
  readonly Date: readonly Date[] | null;
  readonly debugger: readonly debugger_[] | null;
  readonly declare: readonly declare_[] | null;
  readonly default: readonly default_[] | null;
  readonly delete: readonly delete_[] | null;
  readonly do: readonly do_[] | null;
  readonly else: readonly else_[] | null;
  readonly enum: readonly enum_[] | null;
  readonly eval: readonly eval[] | null;
  readonly export: readonly export_[] | null;
  readonly exports: readonly exports[] | null;
  readonly extends: readonly extends_[] | null;
  readonly finally: readonly finally_[] | null;
  readonly for: readonly for_[] | null;
  readonly from: readonly from[] | null;
  readonly Function: readonly Function[] | null;
  readonly function: readonly function_[] | null;
  readonly generatedSchema: readonly generatedSchema[] | null;
  readonly get: readonly get[] | null;
  readonly globalThis: readonly globalThis_[] | null;
  readonly hasOwnProperty: readonly hasOwnProperty[] | null;
  readonly if: readonly if_[] | null;
  readonly implements: readonly implements_[] | null;
  readonly import: readonly import_[] | null;
  readonly in: readonly in_[] | null;
  readonly infer: readonly infer_[] | null;
  readonly Infinity: readonly Infinity[] | null;
  readonly instanceof: readonly instanceof_[] | null;
  readonly interface: readonly interface_[] | null;
  readonly intrinsic: readonly intrinsic_[] | null;
  readonly is: readonly is_[] | null;
  readonly keyof: readonly keyof_[] | null;
  readonly let: readonly let_[] | null;
  /**
   * First line.
   * Second line.
   */
  readonly lines: $Scalars['odd'] | null;
  readonly Map: readonly Map[] | null;
  readonly module: readonly module_[] | null;
  readonly namespace: readonly namespace_[] | null;
  readonly NaN: readonly NaN[] | null;
  readonly never: readonly never_[] | null;
  readonly new: readonly new_[] | null;
  readonly number: readonly number_[] | null;
  readonly Object: readonly Object[] | null;
  readonly object: readonly object_[] | null;
  readonly of: readonly of[] | null;
  readonly out: readonly out_[] | null;
  readonly package: readonly package_[] | null;
  readonly Partial: readonly Partial[] | null;
  readonly private: readonly private_[] | null;
  readonly Promise: readonly Promise[] | null;
  readonly protected: readonly protected_[] | null;
  readonly public: readonly public_[] | null;
  readonly Readonly: readonly Readonly[] | null;
  readonly readonly: readonly readonly_[] | null;
  readonly ReadonlyArray: readonly ReadonlyArray[] | null;
  readonly Record: readonly Record[] | null;
  readonly require: readonly require[] | null;
  readonly return: readonly return_[] | null;
  readonly satisfies: readonly satisfies_[] | null;
  readonly scalars: readonly scalars[] | null;
  readonly ScalarType: readonly ScalarType[] | null;
  readonly Schema: readonly Schema[] | null;
  readonly schema: readonly schema[] | null;
  readonly set: readonly set[] | null;
  readonly static: readonly static_[] | null;
  readonly string: readonly string___[] | null;
  readonly String_: readonly String_[] | null;
  readonly string_: readonly string_[] | null;
  readonly string__: readonly string__[] | null;
  readonly super: readonly super_[] | null;
  readonly switch: readonly switch_[] | null;
  readonly Symbol: readonly Symbol[] | null;
  readonly symbol: readonly symbol_[] | null;
  readonly then: readonly then[] | null;
  readonly this: readonly this_[] | null;
  readonly throw: readonly throw_[] | null;
  readonly toString: readonly toString[] | null;
  readonly try: readonly try_[] | null;
  readonly type: readonly type_[] | null;
  readonly typeof: readonly typeof_[] | null;
  readonly undefined: readonly undefined_[] | null;
  readonly unique: readonly unique_[] | null;
  readonly unknown: readonly unknown_[] | null;
  readonly Upload: readonly Upload[] | null;
  readonly var: readonly var_[] | null;
  readonly void: readonly void_[] | null;
  readonly while: readonly while_[] | null;
  readonly with: readonly with_[] | null;
  readonly yield: readonly yield_[] | null;
}

export interface Readonly {
  readonly __typename: 'Readonly';
  readonly Readonly: Readonly | null;
}

export interface readonly_ {
  readonly __typename: 'readonly';
  readonly readonly: readonly_ | null;
}

export interface ReadonlyArray {
  readonly __typename: 'ReadonlyArray';
  readonly ReadonlyArray: ReadonlyArray | null;
}

export interface Record {
  readonly __typename: 'Record';
  readonly Record: Record | null;
}

export interface require {
  readonly __typename: 'require';
  readonly require: require | null;
}

export interface return_ {
  readonly __typename: 'return';
  readonly return: return_ | null;
}

export interface satisfies_ {
  readonly __typename: 'satisfies';
  readonly satisfies: satisfies_ | null;
}

export interface scalars {
  readonly __typename: 'scalars';
  readonly scalars: scalars | null;
}

export interface ScalarType {
  readonly __typename: 'ScalarType';
  readonly ScalarType: ScalarType | null;
}

export interface Schema {
  readonly __typename: 'Schema';
  readonly Schema: Schema | null;
}

export interface schema {
  readonly __typename: 'schema';
  readonly schema: schema | null;
}

export interface set {
  readonly __typename: 'set';
  readonly set: set | null;
}

export interface static_ {
  readonly __typename: 'static';
  readonly static: static_ | null;
}

export interface string___ {
  readonly __typename: 'string';
  readonly string: string___ | null;
}

export interface String_ {
  readonly __typename: 'String_';
  readonly String_: String_ | null;
}

export interface string_ {
  readonly __typename: 'string_';
  readonly string_: string_ | null;
}

export interface string__ {
  readonly __typename: 'string__';
  readonly string__: string__ | null;
}

export interface super_ {
  readonly __typename: 'super';
  readonly super: super_ | null;
}

export interface switch_ {
  readonly __typename: 'switch';
  readonly switch: switch_ | null;
}

export interface Symbol {
  readonly __typename: 'Symbol';
  readonly Symbol: Symbol | null;
}

export interface symbol_ {
  readonly __typename: 'symbol';
  readonly symbol: symbol_ | null;
}

export interface then {
  readonly __typename: 'then';
  readonly then: then | null;
}

export interface this_ {
  readonly __typename: 'this';
  readonly this: this_ | null;
}

export interface throw_ {
  readonly __typename: 'throw';
  readonly throw: throw_ | null;
}

export interface toString {
  readonly __typename: 'toString';
  readonly toString: toString | null;
}

export interface try_ {
  readonly __typename: 'try';
  readonly try: try_ | null;
}

export interface type_ {
  readonly __typename: 'type';
  readonly type: type_ | null;
}

export interface typeof_ {
  readonly __typename: 'typeof';
  readonly typeof: typeof_ | null;
}

export interface undefined_ {
  readonly __typename: 'undefined';
  readonly undefined: undefined_ | null;
}

export interface unique_ {
  readonly __typename: 'unique';
  readonly unique: unique_ | null;
}

export interface unknown_ {
  readonly __typename: 'unknown';
  readonly unknown: unknown_ | null;
}

export interface Upload {
  readonly __typename: 'Upload';
  readonly Upload: Upload | null;
}

export interface var_ {
  readonly __typename: 'var';
  readonly var: var_ | null;
}

export interface void_ {
  readonly __typename: 'void';
  readonly void: void_ | null;
}

export interface while_ {
  readonly __typename: 'while';
  readonly while: while_ | null;
}

export interface with_ {
  readonly __typename: 'with';
  readonly with: with_ | null;
}

export interface yield_ {
  readonly __typename: 'yield';
  readonly yield: yield_ | null;
}

/** What the compiler knows of the schema, for `Schema`, `ResultOf` and `SelectionOf`. */
export interface $Types {
  readonly query: Query;
  readonly mutation: undefined;
  readonly subscription: undefined;
  readonly scalars: $Scalars;
  /** What has fields, by the names that GraphQL knows. */
  readonly types: {
    readonly abstract: abstract_;
    readonly accessor: accessor_;
    readonly any: any_;
    readonly arguments: arguments;
    readonly Array: Array;
    readonly as: as_;
    readonly asserts: asserts_;
    readonly async: async_;
    readonly await: await_;
    readonly bigint: bigint_;
    readonly boolean: boolean_;
    readonly break: break_;
    readonly case: case_;
    readonly catch: catch_;
    readonly class: class_;
    readonly const: const_;
    readonly constructor: constructor;
    readonly continue: continue_;
    readonly Date: Date;
    readonly debugger: debugger_;
    readonly declare: declare_;
    readonly default: default_;
    readonly delete: delete_;
    readonly do: do_;
    readonly else: else_;
    readonly Empty: Empty;
    readonly enum: enum_;
    readonly eval: eval;
    readonly export: export_;
    readonly exports: exports;
    readonly extends: extends_;
    readonly finally: finally_;
    readonly for: for_;
    readonly from: from;
    readonly Function: Function;
    readonly function: function_;
    readonly generatedSchema: generatedSchema;
    readonly get: get;
    readonly globalThis: globalThis_;
    readonly hasOwnProperty: hasOwnProperty;
    readonly if: if_;
    readonly implements: implements_;
    readonly import: import_;
    readonly in: in_;
    readonly infer: infer_;
    readonly Infinity: Infinity;
    readonly instanceof: instanceof_;
    readonly interface: interface_;
    readonly intrinsic: intrinsic_;
    readonly is: is_;
    readonly keyof: keyof_;
    readonly let: let_;
    readonly Lonely: Lonely;
    readonly Map: Map;
    readonly module: module_;
    readonly namespace: namespace_;
    readonly NaN: NaN;
    readonly never: never_;
    readonly new: new_;
    readonly number: number_;
    readonly Object: Object;
    readonly object: object_;
    readonly of: of;
    readonly out: out_;
    readonly package: package_;
    readonly Partial: Partial;
    readonly private: private_;
    readonly Promise: Promise;
    readonly protected: protected_;
    readonly public: public_;
    readonly Query: Query;
    readonly Readonly: Readonly;
    readonly readonly: readonly_;
    readonly ReadonlyArray: ReadonlyArray;
    readonly Record: Record;
    readonly require: require;
    readonly return: return_;
    readonly satisfies: satisfies_;
    readonly scalars: scalars;
    readonly ScalarType: ScalarType;
    readonly Schema: Schema;
    readonly schema: schema;
    readonly set: set;
    readonly static: static_;
    readonly string: string___;
    readonly String_: String_;
    readonly string_: string_;
    readonly string__: string__;
    readonly super: super_;
    readonly switch: switch_;
    readonly Symbol: Symbol;
    readonly symbol: symbol_;
    readonly then: then;
    readonly this: this_;
    readonly throw: throw_;
    readonly toString: toString;
    readonly try: try_;
    readonly type: type_;
    readonly typeof: typeof_;
    readonly undefined: undefined_;
    readonly unique: unique_;
    readonly unknown: unknown_;
    readonly Upload: Upload;
    readonly var: var_;
    readonly void: void_;
    readonly while: while_;
    readonly with: with_;
    readonly yield: yield_;
  };
  /** By type and field, of the fields that have any. */
  readonly args: {
    readonly Query: {
      readonly abstract: { readonly abstract?: boolean | null | undefined };
      readonly accessor: { readonly accessor?: boolean | null | undefined };
      readonly any: { readonly any?: boolean | null | undefined };
      readonly arguments: { readonly arguments?: boolean | null | undefined };
      readonly Array: { readonly Array?: boolean | null | undefined };
      readonly as: { readonly as?: boolean | null | undefined };
      readonly asserts: { readonly asserts?: boolean | null | undefined };
      readonly async: { readonly async?: boolean | null | undefined };
      readonly await: { readonly await?: boolean | null | undefined };
      readonly bigint: { readonly bigint?: boolean | null | undefined };
      readonly boolean: { readonly boolean?: boolean | null | undefined };
      readonly break: { readonly break?: boolean | null | undefined };
      readonly case: { readonly case?: boolean | null | undefined };
      readonly catch: { readonly catch?: boolean | null | undefined };
      readonly choice: { readonly one?: One | null | undefined; readonly pick?: Pick | null | undefined };
      readonly class: { readonly class?: boolean | null | undefined };
      readonly const: { readonly const?: boolean | null | undefined };
      readonly constructor: { readonly constructor?: boolean | null | undefined };
      readonly continue: { readonly continue?: boolean | null | undefined };
      readonly Date: { readonly Date?: boolean | null | undefined };
      readonly debugger: { readonly debugger?: boolean | null | undefined };
      readonly declare: { readonly declare?: boolean | null | undefined };
      readonly default: { readonly default?: boolean | null | undefined };
      readonly delete: { readonly delete?: boolean | null | undefined };
      readonly do: { readonly do?: boolean | null | undefined };
      readonly else: { readonly else?: boolean | null | undefined };
      readonly enum: { readonly enum?: boolean | null | undefined };
      readonly eval: { readonly eval?: boolean | null | undefined };
      readonly export: { readonly export?: boolean | null | undefined };
      readonly exports: { readonly exports?: boolean | null | undefined };
      readonly extends: { readonly extends?: boolean | null | undefined };
      readonly finally: { readonly finally?: boolean | null | undefined };
      readonly for: { readonly for?: boolean | null | undefined };
      readonly from: { readonly from?: boolean | null | undefined };
      readonly Function: { readonly Function?: boolean | null | undefined };
      readonly function: { readonly function?: boolean | null | undefined };
      readonly generatedSchema: { readonly generatedSchema?: boolean | null | undefined };
      readonly get: { readonly get?: boolean | null | undefined };
      readonly globalThis: { readonly globalThis?: boolean | null | undefined };
      readonly hasOwnProperty: { readonly hasOwnProperty?: boolean | null | undefined };
      readonly if: { readonly if?: boolean | null | undefined };
      readonly implements: { readonly implements?: boolean | null | undefined };
      readonly import: { readonly import?: boolean | null | undefined };
      readonly in: { readonly in?: boolean | null | undefined };
      readonly infer: { readonly infer?: boolean | null | undefined };
      readonly Infinity: { readonly Infinity?: boolean | null | undefined };
      readonly instanceof: { readonly instanceof?: boolean | null | undefined };
      readonly interface: { readonly interface?: boolean | null | undefined };
      readonly intrinsic: { readonly intrinsic?: boolean | null | undefined };
      readonly is: { readonly is?: boolean | null | undefined };
      readonly keyof: { readonly keyof?: boolean | null | undefined };
      readonly let: { readonly let?: boolean | null | undefined };
      readonly Map: { readonly Map?: boolean | null | undefined };
      readonly module: { readonly module?: boolean | null | undefined };
      readonly namespace: { readonly namespace?: boolean | null | undefined };
      readonly NaN: { readonly NaN?: boolean | null | undefined };
      readonly never: { readonly never?: boolean | null | undefined };
      readonly new: { readonly new?: boolean | null | undefined };
      readonly number: { readonly number?: boolean | null | undefined };
      readonly Object: { readonly Object?: boolean | null | undefined };
      readonly object: { readonly object?: boolean | null | undefined };
      readonly of: { readonly of?: boolean | null | undefined };
      readonly out: { readonly out?: boolean | null | undefined };
      readonly package: { readonly package?: boolean | null | undefined };
      readonly Partial: { readonly Partial?: boolean | null | undefined };
      readonly private: { readonly private?: boolean | null | undefined };
      readonly Promise: { readonly Promise?: boolean | null | undefined };
      readonly protected: { readonly protected?: boolean | null | undefined };
      readonly public: { readonly public?: boolean | null | undefined };
      readonly Readonly: { readonly Readonly?: boolean | null | undefined };
      readonly readonly: { readonly readonly?: boolean | null | undefined };
      readonly ReadonlyArray: { readonly ReadonlyArray?: boolean | null | undefined };
      readonly Record: { readonly Record?: boolean | null | undefined };
      readonly require: { readonly require?: boolean | null | undefined };
      readonly return: { readonly return?: boolean | null | undefined };
      readonly satisfies: { readonly satisfies?: boolean | null | undefined };
      readonly scalars: { readonly scalars?: boolean | null | undefined };
      readonly ScalarType: { readonly ScalarType?: boolean | null | undefined };
      readonly Schema: { readonly Schema?: boolean | null | undefined };
      readonly schema: { readonly schema?: boolean | null | undefined };
      readonly set: { readonly set?: boolean | null | undefined };
      readonly static: { readonly static?: boolean | null | undefined };
      readonly string: { readonly string?: boolean | null | undefined };
      readonly String_: { readonly String_?: boolean | null | undefined };
      readonly string_: { readonly string_?: boolean | null | undefined };
      readonly string__: { readonly string__?: boolean | null | undefined };
      readonly super: { readonly super?: boolean | null | undefined };
      readonly switch: { readonly switch?: boolean | null | undefined };
      readonly Symbol: { readonly Symbol?: boolean | null | undefined };
      readonly symbol: { readonly symbol?: boolean | null | undefined };
      readonly then: { readonly then?: boolean | null | undefined };
      readonly this: { readonly this?: boolean | null | undefined };
      readonly throw: { readonly throw?: boolean | null | undefined };
      readonly toString: { readonly toString?: boolean | null | undefined };
      readonly try: { readonly try?: boolean | null | undefined };
      readonly type: { readonly type?: boolean | null | undefined };
      readonly typeof: { readonly typeof?: boolean | null | undefined };
      readonly undefined: { readonly undefined?: boolean | null | undefined };
      readonly unique: { readonly unique?: boolean | null | undefined };
      readonly unknown: { readonly unknown?: boolean | null | undefined };
      readonly Upload: { readonly Upload?: boolean | null | undefined };
      readonly var: { readonly var?: boolean | null | undefined };
      readonly void: { readonly void?: boolean | null | undefined };
      readonly while: { readonly while?: boolean | null | undefined };
      readonly with: { readonly with?: boolean | null | undefined };
      readonly yield: { readonly yield?: boolean | null | undefined };
    };
  };
  /** What a default selection takes, by type: leaves, fields with leaves of their own, and for abstract types leaves of the possible ones. */
  readonly defaults: {
    readonly abstract: { readonly leaves: '__typename' };
    readonly accessor: { readonly leaves: '__typename' };
    readonly any: { readonly leaves: '__typename' };
    readonly arguments: { readonly leaves: '__typename' };
    readonly Array: { readonly leaves: '__typename' };
    readonly as: { readonly leaves: '__typename' };
    readonly asserts: { readonly leaves: '__typename' };
    readonly async: { readonly leaves: '__typename' };
    readonly await: { readonly leaves: '__typename' };
    readonly bigint: { readonly leaves: '__typename' };
    readonly boolean: { readonly leaves: '__typename' };
    readonly break: { readonly leaves: '__typename' };
    readonly case: { readonly leaves: '__typename' };
    readonly catch: { readonly leaves: '__typename' };
    readonly class: { readonly leaves: '__typename' };
    readonly const: { readonly leaves: '__typename' };
    readonly constructor: { readonly leaves: '__typename' };
    readonly continue: { readonly leaves: '__typename' };
    readonly Date: { readonly leaves: '__typename' };
    readonly debugger: { readonly leaves: '__typename' };
    readonly declare: { readonly leaves: '__typename' };
    readonly default: { readonly leaves: '__typename' };
    readonly delete: { readonly leaves: '__typename' };
    readonly do: { readonly leaves: '__typename' };
    readonly else: { readonly leaves: '__typename' };
    readonly Empty: { readonly leaves: '__typename'; readonly on: { readonly Query: 'lines' } };
    readonly enum: { readonly leaves: '__typename' };
    readonly eval: { readonly leaves: '__typename' };
    readonly export: { readonly leaves: '__typename' };
    readonly exports: { readonly leaves: '__typename' };
    readonly extends: { readonly leaves: '__typename' };
    readonly finally: { readonly leaves: '__typename' };
    readonly for: { readonly leaves: '__typename' };
    readonly from: { readonly leaves: '__typename' };
    readonly Function: { readonly leaves: '__typename' };
    readonly function: { readonly leaves: '__typename' };
    readonly generatedSchema: { readonly leaves: '__typename' };
    readonly get: { readonly leaves: '__typename' };
    readonly globalThis: { readonly leaves: '__typename' };
    readonly hasOwnProperty: { readonly leaves: '__typename' };
    readonly if: { readonly leaves: '__typename' };
    readonly implements: { readonly leaves: '__typename' };
    readonly import: { readonly leaves: '__typename' };
    readonly in: { readonly leaves: '__typename' };
    readonly infer: { readonly leaves: '__typename' };
    readonly Infinity: { readonly leaves: '__typename' };
    readonly instanceof: { readonly leaves: '__typename' };
    readonly interface: { readonly leaves: '__typename' };
    readonly intrinsic: { readonly leaves: '__typename' };
    readonly is: { readonly leaves: '__typename' };
    readonly keyof: { readonly leaves: '__typename' };
    readonly let: { readonly leaves: '__typename' };
    readonly Lonely: { readonly leaves: '__typename' | 'id' };
    readonly Map: { readonly leaves: '__typename' };
    readonly module: { readonly leaves: '__typename' };
    readonly namespace: { readonly leaves: '__typename' };
    readonly NaN: { readonly leaves: '__typename' };
    readonly never: { readonly leaves: '__typename' };
    readonly new: { readonly leaves: '__typename' };
    readonly number: { readonly leaves: '__typename' };
    readonly Object: { readonly leaves: '__typename' };
    readonly object: { readonly leaves: '__typename' };
    readonly of: { readonly leaves: '__typename' };
    readonly out: { readonly leaves: '__typename' };
    readonly package: { readonly leaves: '__typename' };
    readonly Partial: { readonly leaves: '__typename' };
    readonly private: { readonly leaves: '__typename' };
    readonly Promise: { readonly leaves: '__typename' };
    readonly protected: { readonly leaves: '__typename' };
    readonly public: { readonly leaves: '__typename' };
    readonly Query: { readonly leaves: 'lines' };
    readonly Readonly: { readonly leaves: '__typename' };
    readonly readonly: { readonly leaves: '__typename' };
    readonly ReadonlyArray: { readonly leaves: '__typename' };
    readonly Record: { readonly leaves: '__typename' };
    readonly require: { readonly leaves: '__typename' };
    readonly return: { readonly leaves: '__typename' };
    readonly satisfies: { readonly leaves: '__typename' };
    readonly scalars: { readonly leaves: '__typename' };
    readonly ScalarType: { readonly leaves: '__typename' };
    readonly Schema: { readonly leaves: '__typename' };
    readonly schema: { readonly leaves: '__typename' };
    readonly set: { readonly leaves: '__typename' };
    readonly static: { readonly leaves: '__typename' };
    readonly string: { readonly leaves: '__typename' };
    readonly String_: { readonly leaves: '__typename' };
    readonly string_: { readonly leaves: '__typename' };
    readonly string__: { readonly leaves: '__typename' };
    readonly super: { readonly leaves: '__typename' };
    readonly switch: { readonly leaves: '__typename' };
    readonly Symbol: { readonly leaves: '__typename' };
    readonly symbol: { readonly leaves: '__typename' };
    readonly then: { readonly leaves: '__typename' };
    readonly this: { readonly leaves: '__typename' };
    readonly throw: { readonly leaves: '__typename' };
    readonly toString: { readonly leaves: '__typename' };
    readonly try: { readonly leaves: '__typename' };
    readonly type: { readonly leaves: '__typename' };
    readonly typeof: { readonly leaves: '__typename' };
    readonly undefined: { readonly leaves: '__typename' };
    readonly unique: { readonly leaves: '__typename' };
    readonly unknown: { readonly leaves: '__typename' };
    readonly Upload: { readonly leaves: '__typename' };
    readonly var: { readonly leaves: '__typename' };
    readonly void: { readonly leaves: '__typename' };
    readonly while: { readonly leaves: '__typename' };
    readonly with: { readonly leaves: '__typename' };
    readonly yield: { readonly leaves: '__typename' };
  };
  /** The directives of documents and their arguments; a repeatable one takes a list too. */
  readonly directives: {
    readonly await: { readonly at?: string | null | undefined; readonly if?: boolean | null | undefined; readonly in?: readonly Pick[] | null | undefined } | readonly { readonly at?: string | null | undefined; readonly if?: boolean | null | undefined; readonly in?: readonly Pick[] | null | undefined }[];
    readonly include: { readonly if: boolean };
    readonly skip: { readonly if: boolean };
  };
}

/** The schema: for `createApi` and wherever a schema is taken. */
export const schema: $Schema<$Types> = $generatedSchema<$Types>({
  source: 'names \'*/\' of\ntypes',
  definitions: [
    'schema{query:Query}',
    'directive @await(at:String="a \'quoted\' \\\\ \\"text\\"" if:Boolean=true in:[Pick!]=[toString prototype])repeatable on FIELD',
    'type abstract{abstract:abstract}',
    'type accessor{accessor:accessor}',
    'type any{any:any}',
    'type arguments{arguments:arguments}',
    'type Array{Array:Array}',
    'type as{as:as}',
    'type asserts{asserts:asserts}',
    'type async{async:async}',
    'type await{await:await}',
    'type bigint{bigint:bigint}',
    'type boolean{boolean:boolean}',
    'type break{break:break}',
    'type case{case:case}',
    'type catch{catch:catch}',
    'type class{class:class}',
    'type const{const:const}',
    'type constructor{constructor:constructor}',
    'type continue{continue:continue}',
    'type Date{Date:Date}',
    'type debugger{debugger:debugger}',
    'type declare{declare:declare}',
    'type default{default:default}',
    'type delete{delete:delete}',
    'type do{do:do}',
    'type else{else:else}',
    'union Empty=Query',
    'type enum{enum:enum}',
    'type eval{eval:eval}',
    'type export{export:export}',
    'type exports{exports:exports}',
    'type extends{extends:extends}',
    'type finally{finally:finally}',
    'type for{for:for}',
    'type from{from:from}',
    'type Function{Function:Function}',
    'type function{function:function}',
    'type generatedSchema{generatedSchema:generatedSchema}',
    'type get{get:get}',
    'type globalThis{globalThis:globalThis}',
    'type hasOwnProperty{hasOwnProperty:hasOwnProperty}',
    'type if{if:if}',
    'type implements{implements:implements}',
    'type import{import:import}',
    'type in{in:in}',
    'type infer{infer:infer}',
    'type Infinity{Infinity:Infinity}',
    'type instanceof{instanceof:instanceof}',
    'type interface{interface:interface}',
    'type intrinsic{intrinsic:intrinsic}',
    'type is{is:is}',
    'type keyof{keyof:keyof}',
    'type let{let:let}',
    'interface Lonely{id:ID}',
    'type Map{Map:Map}',
    'type module{module:module}',
    'type namespace{namespace:namespace}',
    'type NaN{NaN:NaN}',
    'type never{never:never}',
    'type new{new:new}',
    'type number{number:number}',
    'type Object{Object:Object}',
    'type object{object:object}',
    'scalar odd',
    'type of{of:of}',
    'input One @oneOf{only:Pick}',
    'type out{out:out}',
    'type package{package:package}',
    'type Partial{Partial:Partial}',
    'enum Pick{constructor prototype toString}',
    'type private{private:private}',
    'type Promise{Promise:Promise}',
    'type protected{protected:protected}',
    'type public{public:public}',
    'type Query{abstract(abstract:Boolean):[abstract!] accessor(accessor:Boolean):[accessor!] any(any:Boolean):[any!] arguments(arguments:Boolean):[arguments!] Array(Array:Boolean):[Array!] as(as:Boolean):[as!] asserts(asserts:Boolean):[asserts!] async(async:Boolean):[async!] await(await:Boolean):[await!] bigint(bigint:Boolean):[bigint!] boolean(boolean:Boolean):[boolean!] break(break:Boolean):[break!] case(case:Boolean):[case!] catch(catch:Boolean):[catch!] choice(one:One pick:Pick):Empty @deprecated class(class:Boolean):[class!] const(const:Boolean):[const!] constructor(constructor:Boolean):[constructor!] continue(continue:Boolean):[continue!] Date(Date:Boolean):[Date!] debugger(debugger:Boolean):[debugger!] declare(declare:Boolean):[declare!] default(default:Boolean):[default!] delete(delete:Boolean):[delete!] do(do:Boolean):[do!] else(else:Boolean):[else!] enum(enum:Boolean):[enum!] eval(eval:Boolean):[eval!] export(export:Boolean):[export!] exports(exports:Boolean):[exports!] extends(extends:Boolean):[extends!] finally(finally:Boolean):[finally!] for(for:Boolean):[for!] from(from:Boolean):[from!] Function(Function:Boolean):[Function!] function(function:Boolean):[function!] generatedSchema(generatedSchema:Boolean):[generatedSchema!] get(get:Boolean):[get!] globalThis(globalThis:Boolean):[globalThis!] hasOwnProperty(hasOwnProperty:Boolean):[hasOwnProperty!] if(if:Boolean):[if!] implements(implements:Boolean):[implements!] import(import:Boolean):[import!] in(in:Boolean):[in!] infer(infer:Boolean):[infer!] Infinity(Infinity:Boolean):[Infinity!] instanceof(instanceof:Boolean):[instanceof!] interface(interface:Boolean):[interface!] intrinsic(intrinsic:Boolean):[intrinsic!] is(is:Boolean):[is!] keyof(keyof:Boolean):[keyof!] let(let:Boolean):[let!] lines:odd Map(Map:Boolean):[Map!] module(module:Boolean):[module!] namespace(namespace:Boolean):[namespace!] NaN(NaN:Boolean):[NaN!] never(never:Boolean):[never!] new(new:Boolean):[new!] number(number:Boolean):[number!] Object(Object:Boolean):[Object!] object(object:Boolean):[object!] of(of:Boolean):[of!] out(out:Boolean):[out!] package(package:Boolean):[package!] Partial(Partial:Boolean):[Partial!] private(private:Boolean):[private!] Promise(Promise:Boolean):[Promise!] protected(protected:Boolean):[protected!] public(public:Boolean):[public!] Readonly(Readonly:Boolean):[Readonly!] readonly(readonly:Boolean):[readonly!] ReadonlyArray(ReadonlyArray:Boolean):[ReadonlyArray!] Record(Record:Boolean):[Record!] require(require:Boolean):[require!] return(return:Boolean):[return!] satisfies(satisfies:Boolean):[satisfies!] scalars(scalars:Boolean):[scalars!] ScalarType(ScalarType:Boolean):[ScalarType!] Schema(Schema:Boolean):[Schema!] schema(schema:Boolean):[schema!] set(set:Boolean):[set!] static(static:Boolean):[static!] string(string:Boolean):[string!] String_(String_:Boolean):[String_!] string_(string_:Boolean):[string_!] string__(string__:Boolean):[string__!] super(super:Boolean):[super!] switch(switch:Boolean):[switch!] Symbol(Symbol:Boolean):[Symbol!] symbol(symbol:Boolean):[symbol!] then(then:Boolean):[then!] this(this:Boolean):[this!] throw(throw:Boolean):[throw!] toString(toString:Boolean):[toString!] try(try:Boolean):[try!] type(type:Boolean):[type!] typeof(typeof:Boolean):[typeof!] undefined(undefined:Boolean):[undefined!] unique(unique:Boolean):[unique!] unknown(unknown:Boolean):[unknown!] Upload(Upload:Boolean):[Upload!] var(var:Boolean):[var!] void(void:Boolean):[void!] while(while:Boolean):[while!] with(with:Boolean):[with!] yield(yield:Boolean):[yield!]}',
    'type Readonly{Readonly:Readonly}',
    'type readonly{readonly:readonly}',
    'type ReadonlyArray{ReadonlyArray:ReadonlyArray}',
    'type Record{Record:Record}',
    'type require{require:require}',
    'type return{return:return}',
    'type satisfies{satisfies:satisfies}',
    'type scalars{scalars:scalars}',
    'type ScalarType{ScalarType:ScalarType}',
    'type Schema{Schema:Schema}',
    'type schema{schema:schema}',
    'type set{set:set}',
    'type static{static:static}',
    'type string{string:string}',
    'type String_{String_:String_}',
    'type string_{string_:string_}',
    'type string__{string__:string__}',
    'type super{super:super}',
    'type switch{switch:switch}',
    'type Symbol{Symbol:Symbol}',
    'type symbol{symbol:symbol}',
    'type then{then:then}',
    'type this{this:this}',
    'type throw{throw:throw}',
    'type toString{toString:toString}',
    'type try{try:try}',
    'type type{type:type}',
    'type typeof{typeof:typeof}',
    'type undefined{undefined:undefined}',
    'type unique{unique:unique}',
    'type unknown{unknown:unknown}',
    'type Upload{Upload:Upload}',
    'type var{var:var}',
    'type void{void:void}',
    'type while{while:while}',
    'type with{with:with}',
    'type yield{yield:yield}',
  ],
});
