// The page's half of `openPage`: imports a module of a test, runs it and gives its answer back, as JSON.

globalThis.runModule = async ({ path, argument, run, hostNames }) => {
  const module = await import(path);
  const host = Object.fromEntries(hostNames.map((name) => [name, (...given) => globalThis.callHost(run, name, given)]));
  const result = await module.run(argument, host);
  return result === undefined ? undefined : JSON.parse(JSON.stringify(result));
};
