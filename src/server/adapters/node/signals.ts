// SIGTERM, as every supervisor of processes sends it: the first one lets every server of this process leave without losing
// anything, then the process ends by it, as it would have at once; a second one does not wait.

/** Resolves when it has left. Never rejects. */
export type Leave = () => Promise<void>;

const signal = 'SIGTERM';

const servers = new Set<Leave>();
let isListening = false;
let isLeaving = false;

/** From now on the signal makes this one leave. What it returns makes the signal mean what it did before. */
export function onSignal(leave: Leave): () => void {
  servers.add(leave);
  listen(true);
  return () => {
    servers.delete(leave);
    if (servers.size === 0 && !isLeaving) listen(false);
  };
}

function listen(wanted: boolean): void {
  if (wanted && !isListening) process.on(signal, received);
  if (!wanted) process.off(signal, received);
  isListening = wanted;
}

function received(): void {
  if (isLeaving) {
    endProcess();
    return;
  }
  isLeaving = true;
  void Promise.all([...servers].map((leave) => leave())).then(endProcess, endProcess);
}

/** Whoever else listens decides by himself. */
function endProcess(): void {
  isLeaving = false;
  listen(false);
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}
