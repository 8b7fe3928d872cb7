// CPU microseconds of this process, user and system, for one unit of some work.

/**
 * @param {number} windowMs Work goes on until so much time has passed.
 * @param {(goesOn: () => boolean) => Promise<number>} work Answers how many units it did.
 */
export async function cpuPerUnit(windowMs, work) {
  const until = performance.now() + windowMs;
  const before = process.cpuUsage();
  const units = await work(() => performance.now() < until);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / units;
}
