// Whether two types are the same for the compiler, to the last `readonly` and `| undefined`. Costs it little, so that it can
// be asked of large types. Nothing here runs.

type Same<One, Other> = (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false;

/** An error where the argument's type is any other than `Expected`. */
export declare function exactly<Expected>(): <Actual>(
  actual: Actual,
  ...same: Same<Actual, Expected> extends true ? [] : [expected: Expected]
) => void;
