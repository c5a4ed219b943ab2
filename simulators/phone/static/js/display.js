// The display's glass: a grid of cells, each row a line of text that is clipped at its last column and never wrapped.

import { fontFor, head, write } from "./cells.js";
import { el } from "./dom.js";
import { pictureCells } from "./layout.js";

const FONTS = '"DejaVu Sans Mono", "Noto Sans Mono", Menlo, Consolas, "Liberation Mono", "Noto Sans Mono CJK SC", monospace';
// CSS pixels of a cell, and of a cell of a soft key's label, by family.
const CELLS = {
  one_line: { w: 20, h: 44, soft: 10 },
  small: { w: 17, h: 33, soft: 12 },
  large: { w: 14.5, h: 29, soft: 11 },
  large_colour: { w: 11.5, h: 23.5, soft: 9.5 },
};

/** Draws rows, soft keys' labels and the activity mark of one set. */
export class Display {
  constructor(set, pictures) {
    this.set = set;
    this.pictures = pictures;
    this.cell = CELLS[set.family] ?? CELLS.small;
    this.font = fontFor(this.cell.w, FONTS);
    this.softFont = fontFor(this.cell.soft, FONTS);
    this.rows = Array.from({ length: set.rows }, (_, row) => el("div", { class: "row", "data-testid": `row-${row}` }));
    this.scrollMark = el("i", { class: "thumb" });
    this.scrollBar = el("div", { class: "scroll", hidden: true, "data-testid": "scroll", "aria-hidden": "true" }, this.scrollMark);
    this.grid = el("div", { class: "grid" }, ...this.rows, this.scrollBar);
    this.strips = ["left", "right"].map((side) => el("div", { class: `strip ${side}` }));
    this.softLabels = Array.from({ length: set.soft_keys }, (_, n) => el("span", { class: "soft", "data-testid": `softlabel-${n}` }));
    const half = Math.ceil(set.soft_keys / 2);
    this.softLabels.forEach((label, n) => this.strips[n < half ? 0 : 1].append(label));
    this.activity = el("div", { class: "activity", hidden: true, "data-testid": "activity", "aria-hidden": "true" }, el("i"), el("i"), el("i"));
    this.element = el(
      "div",
      { class: "display", "data-testid": "display", "data-screen": "phone.off", "data-busy": "false", "data-shades": set.shades, role: "group", "aria-label": "Display" },
      set.soft_keys ? this.strips[0] : null, this.grid, set.soft_keys ? this.strips[1] : null, this.activity,
    );
    this.#measure();
  }

  #measure() {
    const { element, cell, set } = this;
    element.style.setProperty("--cell", `${cell.w}px`);
    element.style.setProperty("--line", `${cell.h}px`);
    element.style.setProperty("--size", `${this.font.size}px`);
    element.style.setProperty("--soft-size", `${this.softFont.size}px`);
    element.style.setProperty("--columns", set.columns);
    element.style.setProperty("--rows", set.rows);
    element.style.setProperty("--strip", `${cell.soft * set.soft_key_columns}px`);
    element.style.setProperty("--fonts", FONTS);
  }

  /** Draw what `compose` made. */
  draw({ rows, scroll, modal }, page) {
    this.element.dataset.screen = page.id;
    this.element.classList.toggle("modal", modal);
    this.grid.dir = page.dir;
    this.grid.lang = page.lang;
    rows.slice(0, this.set.rows).forEach((row, index) => this.#drawRow(this.rows[index], row, index));
    this.scrollBar.hidden = !scroll;
    if (scroll) this.#drawScroll(scroll);
    this.#drawSoftKeys(page, modal);
  }

  #drawRow(element, row) {
    element.className = `row ${row.kind}${row.active ? " active" : ""}`;
    element.dataset.line = row.index ?? "";
    const parts = row.pieces.map((piece) => this.#piece(piece));
    if (row.share !== undefined) {
      const bar = el("span", { class: "fill" });
      bar.style.width = `${row.share * 100}%`;
      parts.unshift(el("span", { class: "bar" }, bar));
    }
    if (row.picture && this.set.shades === "colour" && row.picture.line.picture) {
      parts.splice(0, parts.length, this.#slice(row.picture));
    }
    element.replaceChildren(...parts);
  }

  #piece({ text, column, cells, align = "start", look = "", caret = false, after = "" }) {
    const piece = el("span", { class: `piece ${align} ${look}` });
    piece.style.insetInlineStart = `${column * this.cell.w}px`;
    piece.style.width = `${Math.max(0, cells) * this.cell.w}px`;
    write(piece, text, this.font);
    if (caret) {
      piece.append(el("span", { class: "caret" }));
      write(piece, after, this.font);
    }
    return piece;
  }

  #slice({ line, part }) {
    const size = pictureCells(line);
    const picture = el("img", { alt: part === 0 ? line.text : "", src: line.picture, class: "picture" });
    picture.style.width = `${size.columns * this.cell.w}px`;
    picture.style.height = `${size.rows * this.cell.h}px`;
    picture.style.top = `${-part * this.cell.h}px`;
    return picture;
  }

  #drawScroll({ top, shown, total, from }) {
    this.scrollBar.style.top = `${from * this.cell.h}px`;
    this.scrollBar.style.height = `${shown * this.cell.h}px`;
    this.scrollMark.style.top = `${(top / total) * 100}%`;
    this.scrollMark.style.height = `${(shown / total) * 100}%`;
    this.scrollBar.classList.toggle("more-above", top > 0);
    this.scrollBar.classList.toggle("more-below", top + shown < total);
  }

  #drawSoftKeys(page, modal) {
    this.softLabels.forEach((label, position) => {
      const key = page.softKeys.find((one) => one.position === position);
      label.replaceChildren();
      label.classList.toggle("set", Boolean(key) && !modal);
      if (key) write(label, head(key.label, this.set.soft_key_columns), this.softFont);
    });
  }

  /** Show whether an answer is awaited (at once, for tests), and whether it takes long enough to say so. */
  busy(waiting, long) {
    this.element.dataset.busy = String(waiting);
    this.activity.hidden = !long;
  }
}
