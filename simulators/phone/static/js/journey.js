// One answer at a time: a newer request makes an older answer worthless, whenever it comes.

const LONG_MS = 300;

/** Follows requests of a phone; what asks is a "key" or a "timer", and a key may overtake a timer. */
export class Journey {
  #sequence = 0;
  #running = null;
  #long = 0;

  /** `changed(waiting, long)` is called whenever an answer is awaited, takes long, or is there. */
  constructor(exchange, changed) {
    this.exchange = exchange;
    this.changed = changed;
  }

  get waiting() {
    return this.#running !== null;
  }

  /** Whether a key waits for its answer: then other keys that lead somewhere wait for it too. */
  get taken() {
    return this.#running?.by === "key";
  }

  /** Ask; gives the answer, or null if something newer has been asked meanwhile. */
  async ask(asked, by) {
    this.giveUp();
    const sequence = ++this.#sequence;
    const abort = new AbortController();
    this.#running = { by, abort };
    this.#long = setTimeout(() => this.changed(true, true), LONG_MS);
    this.changed(true, false);
    try {
      const answered = await this.exchange.ask(asked, abort.signal);
      return sequence === this.#sequence ? answered : null;
    } catch (error) {
      if (error.name === "AbortError") return null;
      throw error;
    } finally {
      if (sequence === this.#sequence) this.#end();
    }
  }

  /** Forget what is awaited. */
  giveUp() {
    if (!this.#running) return;
    this.#running.abort.abort();
    this.#sequence += 1;
    this.#end();
  }

  #end() {
    clearTimeout(this.#long);
    this.#running = null;
    this.changed(false, false);
  }
}
