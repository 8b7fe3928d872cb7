// What goes in comes out again.

export async function run({ say, add, fail }, host) {
  console.log(say);
  if (fail !== undefined) throw new TypeError(fail);
  return { said: say, sum: await host.add(...add), nothing: undefined, hosts: Object.keys(host) };
}
