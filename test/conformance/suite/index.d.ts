import type { Case } from '../environment.js';

/** Every case, by theme. */
export const themes: Readonly<Record<string, readonly Case[]>>;
export const cases: readonly Case[];
