// The phone: what each key does with the page on its display, and where it leads.

import { answersStay, compose, dialogInSight, dialogRows } from "./screen.js";
import { Journey } from "./journey.js";
import { Keypad } from "./keypad.js";
import { MultiTap } from "./multitap.js";
import { overflowOf } from "./layout.js";
import { firstPlace, nextPlace } from "./scrolling.js";
import { noPage, offPage, readPage } from "./page.js";
import { spokenLine, spokenPage } from "./speech.js";

/** A phone of one person and one set. */
export class Phone {
  #idle = 0;
  #popup = 0;
  #last = null;
  #before = null;
  #taps = new MultiTap();

  /** `desk`: what the server says of itself; `display`: the glass; `say`: the voice; `shown`: called at every new page. */
  constructor({ desk, set, person, display, exchange, say, shown }) {
    Object.assign(this, { desk, set, person, display, exchange, say, shown });
    this.journey = new Journey(exchange, (waiting, long) => this.#showBusy(waiting, long));
    this.keypad = new Keypad((digits) => this.#sendDigits(digits), () => this.#redraw());
    this.page = offPage();
    this.state = { at: -1, top: 0, dialogAt: 0, dialogTop: 0, popup: "" };
    this.overflow = [];
  }

  get busy() {
    return this.journey.waiting || this.keypad.pending !== "";
  }

  /** Ask for Touchline's first page. */
  powerOn() {
    return this.go(this.desk.start);
  }

  /** Put the phone away: nothing that still comes is shown. */
  powerOff() {
    clearTimeout(this.#idle);
    clearTimeout(this.#popup);
    this.keypad.clear();
    this.journey.giveUp();
  }

  /** Follow an address. `by`: "key" or "timer". `form`: a form to send, its values as they are now. */
  async go(href, { by = "key", form = null } = {}) {
    clearTimeout(this.#idle);
    const asked = { number: this.person.number, set: this.person.set, method: form ? "POST" : "GET", url: href };
    if (form) {
      asked.form = Object.fromEntries(form.fields.map((field) => [field.name, field.value]));
      asked.masked = form.fields.filter((field) => field.masked).map((field) => field.name);
    }
    const answered = await this.journey.ask(asked, by);
    if (!answered) return;
    this.#last = asked;
    if (answered.page) this.#show(readPage(answered.page));
    else this.#showNoPage();
  }

  // --- what comes -------------------------------------------------------------------------------------------------

  #show(page) {
    clearTimeout(this.#popup);
    for (const line of this.page.lines) if (line.picture) URL.revokeObjectURL(line.picture);
    this.page = page;
    this.state = { ...firstPlace(page, this.set), dialogAt: 0, dialogTop: 0, popup: "" };
    if (page.dialog && this.set.rows === 1 && page.dialog.label && page.dialog.lines.length) this.state.dialogTop = 1;
    if (page.dialog && this.set.rows === 1) this.state.dialogAt = this.#dialogActionInSight();
    this.overflow = overflowOf(page, this.set);
    this.#taps.end();
    this.keypad.turn(page.numpad ? page.numpad.wait : null);
    if (page.popup) this.#showPopup(page.popup);
    this.#fetchPictures(page);
    this.#restartIdle();
    this.#redraw();
    this.say(spokenPage(page));
    this.shown();
  }

  #showNoPage() {
    if (!this.page.id.startsWith("phone.")) this.#before = this.page;
    this.#show(noPage());
  }

  #showPopup({ label, seconds }) {
    this.state.popup = label;
    this.#popup = setTimeout(() => this.#hidePopup(), seconds * 1000);
  }

  #hidePopup() {
    clearTimeout(this.#popup);
    if (!this.state.popup) return;
    this.state.popup = "";
    this.#redraw();
  }

  #fetchPictures(page) {
    if (this.set.shades !== "colour" || this.set.rows === 1) return;
    for (const line of page.lines.filter((one) => one.kind === "image")) {
      const asked = { number: this.person.number, set: this.person.set, url: line.uri };
      this.exchange.picture(asked).then((url) => {
        line.picture = url;
        if (this.page === page) this.#redraw();
      });
    }
  }

  #restartIdle() {
    clearTimeout(this.#idle);
    const { idle } = this.page;
    if (idle) this.#idle = setTimeout(() => !this.busy && this.go(idle.href, { by: "timer" }), idle.after * 1000);
  }

  #showBusy(waiting, long) {
    this.display.busy(waiting || this.keypad.pending !== "", long);
  }

  #redraw() {
    this.display.draw(compose({ page: this.page, ...this.state, digits: this.keypad.pending }, this.set), this.page);
    this.display.busy(this.busy, !this.display.activity.hidden);
  }

  // --- keys -------------------------------------------------------------------------------------------------------

  /**
   * Press a key: "up", "down", "left", "right", "ok", "back", "hold-back", "home", "directory", "soft:3", "digit:5",
   * "text:a", "erase", "erase-after".
   */
  press(key) {
    const [name, what] = split(key);
    this.#hidePopup();
    this.#restartIdle();
    if (name !== "digit") this.#taps.end();
    KEYS[name]?.call(this, what);
    this.#redraw();
  }

  /** Whether digits from a computer's keyboard are for the keypad rather than for a field. */
  get listens() {
    return Boolean(this.page.numpad) && !this.#takesKeypad(this.#field);
  }

  /** Make a line of the page the active one, as a finger on a touch set does. */
  touch(index) {
    const line = this.page.lines[index];
    if (!line || this.page.dialog || !(line.kind === "item" || line.kind === "field")) return;
    this.state.at = index;
    if (line.field?.kind === "check") line.field.move();
    this.#restartIdle();
    this.#redraw();
  }

  get #line() {
    return this.page.lines[this.state.at] ?? null;
  }

  get #field() {
    return (!this.page.dialog && this.#line?.field) || null;
  }

  /** Lead somewhere, unless another key is still waiting for its answer. */
  lead(href, form = null) {
    if (!href || this.journey.taken) return;
    this.keypad.clear();
    this.go(href, { form });
  }

  /** Lead somewhere at once: whoever presses these has had enough of waiting. */
  leave(href) {
    this.keypad.clear();
    this.go(href);
  }

  upOrDown(step) {
    if (this.page.dialog) return this.#moveInDialog(step);
    const moved = nextPlace(this.state, this.page, this.set, step);
    if (moved.at !== this.state.at) this.say(spokenLine(this.page.lines[moved.at]));
    Object.assign(this.state, moved);
    return undefined;
  }

  leftOrRight(name, step) {
    const { dialog } = this.page;
    if (dialog && this.set.rows > 1) {
      this.state.dialogAt = clamp(this.state.dialogAt + step, 0, dialog.actions.length - 1);
      this.#revealAction();
      this.say(dialog.actions[this.state.dialogAt].label);
    } else if (dialog) this.#moveInDialog(step);
    else if (this.page.keys[name]) this.lead(this.page.keys[name]);
    else if (this.#field) this.#field.move(step);
  }

  #moveInDialog(step) {
    const { dialog } = this.page;
    const furthest = Math.max(0, dialogRows(dialog, this.set).length - this.set.rows);
    if (this.set.rows === 1) {
      this.state.dialogTop = clamp(this.state.dialogTop + step, 0, furthest);
      this.state.dialogAt = this.#dialogActionInSight();
    } else if (!answersStay(dialog, this.set) && this.#stepsToAnswer(step)) {
      this.state.dialogAt = clamp(this.state.dialogAt + step, 0, dialog.actions.length - 1);
      this.#revealAction();
    } else this.state.dialogTop = clamp(this.state.dialogTop + step, 0, furthest);
  }

  /** Whether up or down leads to an answer of those that stand below each other, rather than through the question. */
  #stepsToAnswer(step) {
    const next = this.state.dialogAt + step;
    return this.#sees(this.state.dialogAt) && next >= 0 && next < this.page.dialog.actions.length;
  }

  #sees(action) {
    return dialogInSight(this.page.dialog, this.set, this.state.dialogTop).some((row) => row.pieces.some((piece) => piece.action === action));
  }

  #revealAction() {
    if (this.#sees(this.state.dialogAt)) return;
    const rows = dialogRows(this.page.dialog, this.set);
    const at = rows.findIndex((row) => row.pieces.some((piece) => piece.action === this.state.dialogAt));
    this.state.dialogTop = clamp(this.state.dialogTop, at - this.set.rows + 1, at);
  }

  #dialogActionInSight() {
    return dialogRows(this.page.dialog, this.set)[this.state.dialogTop]?.pieces[0].action ?? -1;
  }

  ok() {
    const { dialog } = this.page;
    if (this.page.id === "phone.no_page") return this.#retry();
    if (dialog) return this.#answer(dialog);
    if (this.#line?.href) return this.lead(this.#line.href);
    if (this.#line?.form) return this.lead(this.#line.form.href, this.#line.form);
    return this.lead(this.page.keys.ok);
  }

  #answer(dialog) {
    // An answer that is still below the question is brought into sight first: nobody agrees to what they cannot read.
    if (this.#sees(this.state.dialogAt)) this.lead(dialog.actions[this.state.dialogAt]?.href);
    else if (this.state.dialogAt >= 0) this.#revealAction();
  }

  #retry() {
    if (!this.#last || this.journey.taken) return;
    const { url, form, masked = [] } = this.#last;
    const fields = Object.entries(form ?? {}).map(([name, value]) => ({ name, value, masked: masked.includes(name) }));
    this.go(url, { form: form ? { fields } : null });
  }

  soft(position) {
    const key = this.page.softKeys.find((one) => one.position === Number(position));
    if (!key || this.page.dialog) return;
    const form = this.#line?.form ?? this.page.lines.find((line) => line.form)?.form;
    if (key.submit && form) this.lead(form.href, form);
    else this.lead(key.href);
  }

  back() {
    // Without an alphabetic keyboard, Back is also what erases a letter.
    if (!this.set.letters && this.#field?.erase()) return;
    this.away();
  }

  away() {
    if (this.page.id === "phone.no_page" && this.#before) {
      this.journey.giveUp();
      this.#show(this.#before);
      return;
    }
    if (this.page.keys.back) this.leave(this.page.keys.back);
  }

  home() {
    this.leave(this.page.keys.home || this.desk.start);
  }

  digit(digit) {
    const field = this.#field;
    if (this.page.numpad && !this.#takesKeypad(field)) {
      if (digit === "#") return;
      this.keypad.key(digit, this.journey.taken ? null : this.page.numpad.wait);
    } else if (field?.kind === "text" && field.takes === "text" && !this.set.letters) {
      const { letter, replaces } = this.#taps.tap(digit, performance.now());
      if (replaces) field.erase();
      field.type(letter);
    } else field?.type(digit);
  }

  type(text) {
    this.#field?.type(text);
  }

  #takesKeypad(field) {
    return field?.kind === "text" && (field.takes !== "text" || !this.set.letters);
  }

  erase(after) {
    if (after) this.#field?.eraseAfter();
    else this.#field?.erase();
  }

  #sendDigits(digits) {
    const { numpad } = this.page;
    if (!numpad) return;
    const joint = numpad.href.includes("?") ? "&" : "?";
    this.go(`${numpad.href}${joint}${this.desk.digits}=${encodeURIComponent(digits)}`);
  }
}

const KEYS = {
  up() { this.upOrDown(-1); },
  down() { this.upOrDown(1); },
  left() { this.leftOrRight("left", -1); },
  right() { this.leftOrRight("right", 1); },
  ok() { this.ok(); },
  back() { this.back(); },
  away() { this.away(); },
  "hold-back"() { this.home(); },
  home() { this.home(); },
  directory() { this.leave(this.desk.directory); },
  soft(position) { this.soft(position); },
  digit(digit) { this.digit(digit); },
  text(text) { this.type(text); },
  erase() { this.erase(false); },
  "erase-after"() { this.erase(true); },
};

function split(key) {
  const at = key.indexOf(":");
  return at < 0 ? [key, ""] : [key.slice(0, at), key.slice(at + 1)];
}

function clamp(value, least, most) {
  return Math.max(least, Math.min(most, value));
}
