// The shop's journal: one line of JSON for each order and each published event, in a file. It is the shop's only storage, and
// what the demo's ledger is checked against. A line that was appended survives the death of its process.

import { appendFileSync, existsSync, readFileSync } from 'node:fs';

export type OrderStatus = 'PLACED' | 'PACKED' | 'SHIPPED';

/** An order was written. `reference` is the customer's own, one for each mutation. */
export interface OrderEntry {
  readonly type: 'order';
  readonly id: string;
  readonly reference: string;
  readonly product: string;
  readonly quantity: number;
}

/** An event was published to the order feed. `sequence` counts from 1 and goes on over restarts. */
export interface EventEntry {
  readonly type: 'event';
  readonly sequence: number;
  readonly order: string;
  readonly status: OrderStatus;
}

export type JournalEntry = OrderEntry | EventEntry;

/** Appends a line. Synchronous: when it returns, the line is in the file. */
export function appendToJournal(path: string, entry: JournalEntry): void {
  appendFileSync(path, `${JSON.stringify(entry)}\n`);
}

/** Everything that was ever appended; nothing where there is no journal yet. */
export function readJournal(path: string): readonly JournalEntry[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as JournalEntry);
}
