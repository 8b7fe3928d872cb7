// The rule that keeps names out of messages outside development: graphql-js ends them with those that are near to a wrong one,
// by which a schema can be guessed. graphql-js 17 can leave them out by itself, 16 cannot.

const suggestion = ' Did you mean ';

/** The message without its suggestion, which graphql-js puts at its end. */
export function withoutSuggestion(message: string): string {
  if (!message.endsWith('?')) return message;
  const begins = message.lastIndexOf(suggestion);
  return begins === -1 ? message : message.slice(0, begins);
}
