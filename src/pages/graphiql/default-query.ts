// What the editor holds when somebody comes for the first time: how to use it, and a query that every server answers.

export const defaultQuery: string = `# GraphiQL, served by Holdfast: nothing on this page comes from anywhere else.
#
# Run what the cursor is in:    Ctrl-Enter, or the button
# Complete what you type:       Ctrl-Space
# Tidy up:                      Shift-Ctrl-P
# Read the schema:              the book on the left
#
# Variables and headers are below. Queries and mutations go by POST with these
# headers. Subscriptions go over a WebSocket, which takes no headers from a page:
# there they are the payload of connection_init. A lost connection is made again
# by itself, and a subscription tells of the gap that this left.

query Hello {
  __typename
}
`;
