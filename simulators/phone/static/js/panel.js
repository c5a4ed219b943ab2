// The developer's panel: what was asked, what came, what was odd about it. All of it is shown as text.

import { el } from "./dom.js";

const TAG = /<([/?!]?)([\w:.-]+)([^>]*)>/g;
// Signs that turn the direction of what follows: a developer must see them, not their effect.
const TURNING = /[\u200E\u200F\u061C\u202A-\u202E\u2066-\u2069]/g;
const ATTRIBUTE = /([\w:.-]+)=("[^"]*")/g;

/** Shows the exchange; the newest unless an older one is chosen. */
export class Panel {
  #chosen = 0;

  constructor(element) {
    this.element = element;
    this.exchange = null;
    this.overflow = [];
    this.notes = [];
  }

  /** A new answer: it is the one to look at. */
  show(exchange) {
    this.exchange = exchange;
    this.#chosen = exchange.history[0]?.number ?? 0;
    this.#draw();
  }

  /** What has no room on the display, and what else the developer should know of this phone. */
  note(overflow, notes) {
    this.overflow = overflow;
    this.notes = notes;
    this.#draw();
  }

  #draw() {
    const history = this.exchange?.history ?? [];
    const entry = history.find((one) => one.number === this.#chosen) ?? history[0];
    if (!entry) {
      this.element.replaceChildren(el("p", { class: "hint" }, "Nothing has been asked yet."));
      return;
    }
    const warnings = this.#warnings(entry, entry === history[0]);
    this.element.replaceChildren(
      this.#summary(entry), ...(warnings ? [warnings] : []),
      el("pre", { class: "xml", "data-testid": "xml", tabindex: "0", "aria-label": "XML" }, ...highlighted(entry.xml)),
      this.#history(history),
    );
  }

  #summary(entry) {
    const { request } = entry;
    const good = entry.status !== null && entry.status < 400 && entry.page;
    const details = el("details", {}, el("summary", {}, "Request and headers"),
      facts([...Object.entries(request.headers), ...Object.entries(request.form).map(([name, value]) => [`form: ${name}`, value])], "sent"),
      facts(Object.entries(entry.headers), "received"));
    details.open = this.open ?? false;
    details.addEventListener("toggle", () => (this.open = details.open));
    return el("div", { class: "summary" },
      el("p", { class: "line" },
        el("span", { class: `status ${good ? "good" : "bad"}`, "data-testid": "status" }, String(entry.status ?? "no answer")),
        el("span", { "data-testid": "elapsed" }, `${entry.elapsed_ms} ms`),
        el("span", { "data-testid": "correlation", title: "correlation id" }, entry.correlation)),
      el("p", { class: "request", "data-testid": "request" }, el("b", {}, request.method), ` ${request.url}`),
      entry.reason ? el("p", { class: "reason", "data-testid": "reason" }, entry.reason) : null,
      details);
  }

  #warnings(entry, newest) {
    const places = newest ? this.overflow.map((one) => `no room: ${one.where}, ${one.width} of ${one.room}: ${one.text}`) : [];
    const all = [...entry.warnings, ...places, ...(newest ? this.notes : [])];
    return all.length ? el("ul", { class: "warnings", "data-testid": "warnings" }, ...all.map((one) => el("li", {}, one))) : null;
  }

  #history(history) {
    const rows = history.map((one) => {
      const button = el("button", { type: "button", class: one.number === this.#chosen ? "chosen" : "" },
        el("span", {}, one.at.toLocaleTimeString([], { hour12: false })), el("span", {}, one.request.method),
        el("span", {}, String(one.status ?? "–")), el("span", {}, `${one.elapsed_ms} ms`),
        el("span", {}, one.page?.attributes.id ?? one.reason));
      button.addEventListener("click", () => {
        this.#chosen = one.number;
        this.#draw();
      });
      return el("li", {}, button);
    });
    return el("section", { class: "history" }, el("h2", {}, `Last ${history.length}`), el("ol", { "data-testid": "history" }, ...rows));
  }
}

function facts(pairs, look) {
  return el("dl", { class: look }, ...pairs.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

function highlighted(source) {
  const xml = source.replace(TURNING, (sign) => `&#x${sign.codePointAt(0).toString(16).toUpperCase()};`);
  const parts = [];
  let from = 0;
  for (const { 0: whole, 1: slash, 2: name, 3: rest, index } of xml.matchAll(TAG)) {
    parts.push(xml.slice(from, index), el("span", { class: "mark" }, `<${slash}`), el("span", { class: "tag" }, name), ...attributes(rest));
    parts.push(el("span", { class: "mark" }, ">"));
    from = index + whole.length;
  }
  return [...parts, xml.slice(from)];
}

function attributes(text) {
  const parts = [];
  let from = 0;
  for (const { 0: whole, 1: name, 2: quoted, index } of text.matchAll(ATTRIBUTE)) {
    parts.push(text.slice(from, index), el("span", { class: "name" }, name), "=", el("span", { class: "quoted" }, quoted));
    from = index + whole.length;
  }
  return [...parts, text.slice(from)];
}
