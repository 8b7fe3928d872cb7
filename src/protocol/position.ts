// A place in a topic's log. Opaque to clients: compared by equality, handed back to resume. Servers without a log send none.

declare const brand: unique symbol;

export type Position = string & { readonly [brand]: 'position' };
