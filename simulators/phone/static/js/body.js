// The phone's body: its keys, drawn for a set. It knows no page; it says which key was pressed.

import { el, svg } from "./dom.js";
import { Loudspeaker } from "./loudspeaker.js";
import { LETTERS } from "./multitap.js";

const HOLD_MS = 700;
const PRINTED = { 1: "", 0: "+", "*": "", "#": "" };
const ALPHABET = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
const SHAPES = {
  up: "M6 15l6-7 6 7", down: "M6 9l6 7 6-7", left: "M15 6l-7 6 7 6", right: "M9 6l7 6-7 6",
  home: "M4 11.5L12 5l8 6.5M7 10v9h10v-9",
  directory: "M6 4h11a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1H6zM9 4v16M12 15c.6-2 4.4-2 5 0M14.5 8.5a1.7 1.7 0 1 1-.01 3.4 1.7 1.7 0 0 1 .01-3.4",
  erase: "M9 6h11v12H9l-6-6zM12 10l4 4M16 10l-4 4",
  shift: "M12 5l7 8h-4v6H9v-6H5z",
};

/** Build a phone around a display. `press(key)` is called for each key. */
export class Body {
  #keys = new Map();
  #shift = false;
  #letters = [];

  constructor(set, display, press) {
    this.set = set;
    this.press = press;
    this.loudspeaker = new Loudspeaker(grille());
    this.element = el(
      "div", { class: "phone", "data-family": set.family, "data-testid": "phone" },
      handset(),
      el("div", { class: "face" }, this.#glass(display), this.#keysBelow(), set.letters ? this.#alphabet() : null),
    );
    // Keys that a mouse presses do not take the focus: Enter stays the phone's OK.
    this.element.addEventListener("mousedown", (event) => event.preventDefault());
  }

  /** Show a key as pressed for a moment, when the computer's keyboard presses it. */
  flash(key) {
    const button = this.#keys.get(key);
    if (!button) return;
    button.classList.add("pressed");
    setTimeout(() => button.classList.remove("pressed"), 120);
  }

  /** Name the soft keys after what the page makes of them. */
  nameSoftKeys(softKeys) {
    for (let position = 0; position < this.set.soft_keys; position += 1) {
      const label = softKeys.find((key) => key.position === position)?.label ?? "";
      const button = this.#keys.get(`soft:${position}`);
      button.firstChild.textContent = label;
      button.setAttribute("aria-disabled", String(!label));
      button.setAttribute("aria-label", label || `Soft key ${position + 1}, no function`);
    }
  }

  #key(key, testid, name, content, look = "") {
    const button = el("button", { type: "button", class: `key ${look}`, "data-testid": testid, "aria-label": name }, ...[content].flat());
    button.addEventListener("click", () => this.press(key));
    this.#keys.set(key, button);
    return button;
  }

  #glass(display) {
    const half = Math.ceil(this.set.soft_keys / 2);
    const soft = Array.from({ length: this.set.soft_keys }, (_, n) =>
      this.#key(`soft:${n}`, `softkey-${n}`, `Soft key ${n + 1}`, el("span", { class: "said" }), "softkey"));
    return el(
      "div", { class: "glass" },
      soft.length ? el("div", { class: "softkeys" }, ...soft.slice(0, half)) : null,
      el("div", { class: "bezel" }, display.element),
      soft.length ? el("div", { class: "softkeys" }, ...soft.slice(half)) : null,
    );
  }

  #keysBelow() {
    return el("div", { class: "below" }, this.#digits(), this.#navigator(), this.#functions());
  }

  #digits() {
    const keys = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"].map((digit) => {
      const name = { "*": "star", "#": "hash" }[digit] ?? digit;
      const printed = PRINTED[digit] ?? LETTERS[digit].slice(0, -1);
      return this.#key(`digit:${digit}`, `digit-${name}`, printed.length > 1 ? `${digit}, ${printed}` : name,
        [el("b", {}, digit), el("small", {}, printed)], "digit");
    });
    return el("div", { class: "digits", role: "group", "aria-label": "Keypad" }, ...keys);
  }

  #navigator() {
    const arrow = (name) => this.#key(name, `key-${name}`, name[0].toUpperCase() + name.slice(1), shape(name), `arrow ${name}`);
    return el("div", { class: "navigator", role: "group", "aria-label": "Navigator" },
      arrow("up"), arrow("left"), this.#key("ok", "key-ok", "OK", "OK", "ok"), arrow("right"), arrow("down"));
  }

  #functions() {
    const back = this.#key("back", "key-back", "Back", [el("b", {}, "C"), el("small", {}, "Back")], "function");
    this.#holdable(back, "hold-back");
    return el("div", { class: "functions" },
      this.#key("home", "key-home", "Menu", [shape("home"), el("small", {}, "Menu")], "function"),
      this.#key("directory", "key-directory", "Directory", [shape("directory"), el("small", {}, "Directory")], "function"),
      back, this.loudspeaker.element);
  }

  #holdable(button, key) {
    let timer = 0;
    let held = false;
    button.addEventListener("pointerdown", () => {
      held = false;
      timer = setTimeout(() => {
        held = true;
        this.press(key);
      }, HOLD_MS);
    });
    for (const end of ["pointerup", "pointerleave", "pointercancel"]) button.addEventListener(end, () => clearTimeout(timer));
    button.addEventListener("click", (event) => held && event.stopImmediatePropagation(), { capture: true });
  }

  #alphabet() {
    const rows = ALPHABET.map((letters) => el("div", {}, ...Array.from(letters, (letter) => this.#letter(letter))));
    const shift = el("button", { type: "button", class: "key letter wide", "data-testid": "letter-shift", "aria-label": "Shift", "aria-pressed": "false" }, shape("shift"));
    shift.addEventListener("click", () => this.#setShift(!this.#shift));
    this.shift = shift;
    rows[2].prepend(shift);
    rows[0].append(this.#key("erase", "letter-backspace", "Erase", shape("erase"), "letter wide"));
    rows[1].append(this.#sign("'", "apostrophe"));
    rows[2].append(this.#sign("-", "hyphen"), this.#sign(".", "dot"), this.#key("text: ", "letter-space", "Space", "space", "letter space"));
    return el("div", { class: "alphabet", role: "group", "aria-label": "Alphabetic keyboard" }, ...rows);
  }

  #letter(letter) {
    const button = el("button", { type: "button", class: "key letter", "data-testid": `letter-${letter}`, "aria-label": letter }, letter);
    button.addEventListener("click", () => {
      this.press(`text:${this.#shift ? letter.toUpperCase() : letter}`);
      this.#setShift(false);
    });
    this.#letters.push(button);
    this.#keys.set(`text:${letter}`, button);
    return button;
  }

  #sign(sign, name) {
    return this.#key(`text:${sign}`, `letter-${name}`, name, sign, "letter");
  }

  #setShift(on) {
    this.#shift = on;
    this.shift.setAttribute("aria-pressed", String(on));
    for (const button of this.#letters) button.textContent = on ? button.ariaLabel.toUpperCase() : button.ariaLabel;
  }
}

function shape(name) {
  return svg("svg", { viewBox: "0 0 24 24", class: "shape", "aria-hidden": "true" }, svg("path", { d: SHAPES[name] }));
}

function handset() {
  return el("div", { class: "handset", "aria-hidden": "true" }, el("i"), el("i"));
}

function grille() {
  const holes = [];
  for (let y = 0; y < 4; y += 1) for (let x = 0; x < 9; x += 1) holes.push(svg("circle", { cx: 5 + x * 9, cy: 5 + y * 9, r: 1.7 }));
  return svg("svg", { class: "grille", viewBox: "0 0 82 37", "aria-hidden": "true" }, ...holes);
}
