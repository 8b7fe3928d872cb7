// Counts what is looked up, live: one subscription for the life of the service, passed on to any number of open pages as
// server-sent events. The subscription outlives the backend's restarts, and a gap in it makes the count a lower bound.

/** A page that does not read is let go at so many bytes. It comes back by itself, and is told how things are then. */
const longestQueueBytes = 64 * 1024;

export class Lookups {
  #session;
  #subscription;
  #pages = new Set();
  #count = 0;
  #last;
  #gap;
  #ended = false;

  constructor(session) {
    this.#session = session;
    this.#subscription = session.subscribe('subscription Lookups { lookups { name } }');
    session.on('state', () => this.#tell());
    void this.#follow();
  }

  /** What there is to tell, in words. */
  get words() {
    const least = this.#gap === undefined ? '' : 'at least ';
    const times = this.#count === 1 ? 'once' : `${this.#count} times`;
    const last = this.#last === undefined ? '' : `, last those of ${this.#last}`;
    return {
      counter: `Countries were looked up ${least}${times} since this service was started${last}.`,
      notice: this.#notice,
    };
  }

  /** Keeps a page informed until it leaves. @param {import('node:http').ServerResponse} response */
  inform(response) {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    this.#pages.add(response);
    response.on('close', () => this.#pages.delete(response));
    this.#send(response);
  }

  /** Ends the streams of all pages. The subscription ends with its session. */
  close() {
    for (const page of this.#pages) page.end();
    this.#pages.clear();
  }

  async #follow() {
    const onGap = (gap) => {
      this.#gap = gap;
      this.#tell();
    };
    try {
      for await (const { lookups } of this.#subscription.data({ onGap })) {
        this.#count += 1;
        this.#last = lookups.name;
        this.#tell();
      }
    } catch (error) {
      // The pages do without: only the counter has stopped.
      console.error(`The counter has stopped. ${error.name}: ${error.message}`);
    }
    this.#ended = true;
    this.#tell();
  }

  get #notice() {
    if (this.#ended) return 'The counter has stopped.';
    if (this.#session.state.status !== 'ready') {
      return 'The backend is out of reach at the moment. It is asked again and again, until it is back.';
    }
    if (this.#gap === undefined) return '';
    const seconds = Math.ceil((this.#gap.liveAt - this.#gap.lostAt) / 1_000);
    return `Some may have been missed within ${seconds} s, while the backend was out of reach.`;
  }

  #tell() {
    for (const page of this.#pages) this.#send(page);
  }

  #send(page) {
    if (page.writableLength <= longestQueueBytes) {
      page.write(`data: ${JSON.stringify(this.words)}\n\n`);
    } else {
      this.#pages.delete(page);
      page.destroy();
    }
  }
}
