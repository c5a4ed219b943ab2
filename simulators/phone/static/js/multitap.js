// Letters from a keypad: a key pressed again within a second turns its last letter into its next one.

const WAIT_MS = 1000;
export const LETTERS = {
  1: ".,-'@&1", 2: "abc2", 3: "def3", 4: "ghi4", 5: "jkl5", 6: "mno6", 7: "pqrs7", 8: "tuv8", 9: "wxyz9", 0: " 0",
  "*": "*", "#": "#",
};

/** Follows the taps on a keypad. */
export class MultiTap {
  #key = "";
  #index = 0;
  #last = 0;

  /** Tap a key at a time in milliseconds: gives the letter, and whether it stands in for the one before. */
  tap(key, now) {
    const letters = LETTERS[key] ?? key;
    const again = key === this.#key && letters.length > 1 && now - this.#last < WAIT_MS;
    this.#index = again ? (this.#index + 1) % letters.length : 0;
    this.#key = key;
    this.#last = now;
    return { letter: letters[this.#index], replaces: again };
  }

  /** Any other key ends a letter. */
  end() {
    this.#key = "";
  }
}
