// What the editor holds when somebody comes for the first time: how to use it, and a query that every server answers.

export const defaultQuery: string = `# GraphiQL, served by Holdfast: nothing here
# comes from another server.
#
# Ctrl-Enter      run it, or the button
# Ctrl-Space      complete what you type
# Shift-Ctrl-P    tidy up
#
# The book on the left explains the schema.
# Variables and headers are below.
#
# Queries and mutations go by POST, with these
# headers. Subscriptions go over a WebSocket,
# where a page sends none: there they are the
# payload of connection_init. When the network
# drops, the subscription comes back by itself
# and shows the gap.

query Hello {
  __typename
}
`;
