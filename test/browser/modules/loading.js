// Imports entry points by their names, and tells what they export.

export async function run({ names }) {
  const entries = await Promise.all(names.map(async (name) => [name, Object.keys(await import(name))]));
  return Object.fromEntries(entries);
}
