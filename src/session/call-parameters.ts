// What follows a document where it is run: its variables, and the options of the call. Typed documents say which variables
// they need, and those must be given; texts say nothing, and may be run without any.

/** The variables of a document, and undefined where it needs none. */
export type VariablesOf<TVariables> =
  Record<never, never> extends TVariables ? NoInfer<TVariables> | undefined : NoInfer<TVariables>;

/** The variables may be left out where the document needs none. */
export type VariablesThenOptions<TVariables, Options> =
  Record<never, never> extends TVariables
    ? [variables?: NoInfer<TVariables> | undefined, options?: Options | undefined]
    : [variables: NoInfer<TVariables>, options?: Options | undefined];
