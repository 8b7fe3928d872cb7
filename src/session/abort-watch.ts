// Watches AbortSignals on behalf of operations, with one listener per signal: a program may hand one signal to thousands of
// calls, and Node warns of a leak from the eleventh listener on.

type Aborted = () => void;

interface Watched {
  readonly callbacks: Set<Aborted>;
  readonly listener: () => void;
}

export class AbortWatch {
  readonly #watched = new Map<AbortSignal, Watched>();

  /** Calls back once when the signal aborts, unless the returned function was called before. */
  watch(signal: AbortSignal, aborted: Aborted): () => void {
    const { callbacks } = this.#watched.get(signal) ?? this.#listen(signal);
    callbacks.add(aborted);
    return () => {
      if (callbacks.delete(aborted) && callbacks.size === 0) this.#forget(signal);
    };
  }

  #listen(signal: AbortSignal): Watched {
    const callbacks = new Set<Aborted>();
    const listener = (): void => {
      this.#forget(signal);
      for (const aborted of callbacks) aborted();
    };
    const watched = { callbacks, listener };
    this.#watched.set(signal, watched);
    signal.addEventListener('abort', listener);
    return watched;
  }

  #forget(signal: AbortSignal): void {
    const watched = this.#watched.get(signal);
    if (watched !== undefined) signal.removeEventListener('abort', watched.listener);
    this.#watched.delete(signal);
  }
}
