// The loudspeaker: a real set has none that pages can use; here the browser plays the sound of a page.

import { el } from "./dom.js";

const SAID = { ready: "▶ Play", fetching: "…", playing: "❚❚ Pause", silent: "No sound" };

/** Behind the grille; where a page has a sound, a key that plays it. */
export class Loudspeaker {
  #fetch = null;
  #audio = new Audio();

  constructor(grille) {
    this.key = el("button", { type: "button", class: "key speaker", "data-testid": "loudspeaker", "aria-label": "Loudspeaker: play or pause", hidden: true }, "");
    this.key.addEventListener("click", () => this.#press());
    this.element = el("div", { class: "loudspeaker" }, grille, this.key);
    this.#audio.addEventListener("playing", () => this.#say("playing"));
    for (const end of ["pause", "ended"]) this.#audio.addEventListener(end, () => this.#say("ready"));
  }

  /** Offer the sound of the page that is shown; `fetch` gives its address when it is wanted. Without one: silence. */
  offer(fetch) {
    this.#fetch = null;
    this.#audio.pause();
    if (this.#audio.src) URL.revokeObjectURL(this.#audio.src);
    this.#audio.removeAttribute("src");
    this.#fetch = fetch ?? null;
    this.key.hidden = !fetch;
    this.#say("ready");
  }

  async #press() {
    if (!this.#audio.paused) return this.#audio.pause();
    if (!this.#audio.src && !(await this.#load())) return undefined;
    return this.#audio.play().catch(() => this.#say("silent"));
  }

  async #load() {
    const fetch = this.#fetch;
    this.#say("fetching");
    const address = await fetch();
    if (fetch !== this.#fetch) {
      if (address) URL.revokeObjectURL(address);
      return false;
    }
    if (address) this.#audio.src = address;
    else this.#say("silent");
    return Boolean(address);
  }

  #say(state) {
    this.key.dataset.state = state;
    this.key.textContent = SAID[state];
  }
}
