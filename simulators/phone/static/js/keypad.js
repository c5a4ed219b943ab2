// Gathering what is keyed on a page that listens to the keypad, until a pause says that it is complete.

/** Gathers digits. `send(digits)` gets them after the page's pause; `changed` is called at every digit. */
export class Keypad {
  #gathered = "";
  #sent = "";
  #timer = 0;
  #wait = null;

  constructor(send, changed) {
    this.send = send;
    this.changed = changed;
  }

  /** What is shown as pending: keyed and not yet answered. */
  get pending() {
    return this.#sent + this.#gathered;
  }

  /** Key a digit; `wait` in milliseconds, null while an answer is awaited: then it waits for the page that comes. */
  key(digit, wait) {
    this.#gathered += digit;
    this.#start(wait);
    this.changed();
  }

  /** A page came: what was keyed meanwhile is for it, if it listens. */
  turn(wait) {
    this.#sent = "";
    if (wait === null) this.#gathered = "";
    this.#start(this.#gathered ? wait : null);
  }

  /** Forget everything. */
  clear() {
    this.#gathered = "";
    this.turn(null);
  }

  #start(wait) {
    clearTimeout(this.#timer);
    this.#wait = wait;
    if (this.#wait !== null) this.#timer = setTimeout(() => this.#finish(), this.#wait);
  }

  #finish() {
    const digits = this.#gathered;
    this.#sent = digits;
    this.#gathered = "";
    this.send(digits);
  }
}
