// The character grid: what a reader calls a letter, how many cells it takes, and how it is put into them.

import { el } from "./dom.js";

const letters = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const WIDE = new RegExp(
  "^[\\u1100-\\u115F\\u2E80-\\u303E\\u3041-\\u33FF\\u3400-\\u4DBF\\u4E00-\\u9FFF\\uA000-\\uA4CF\\uA960-\\uA97C" +
    "\\uAC00-\\uD7A3\\uF900-\\uFAFF\\uFE30-\\uFE6F\\uFF01-\\uFF60\\uFFE0-\\uFFE6" +
    "\\u{17000}-\\u{18CFF}\\u{1B000}-\\u{1B2FF}\\u{20000}-\\u{3FFFD}]|^\\p{Emoji_Presentation}|\\uFE0F",
  "u",
);
const NOTHING = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]+$/u;
const JOINED = /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Nko}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Gujarati}\p{Script=Gurmukhi}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}]/u;

const pen = document.createElement("canvas").getContext("2d");
const advances = new Map();

/** Split text into what a reader calls letters. */
export function graphemes(text) {
  return Array.from(letters.segment(text), (part) => part.segment);
}

/** Count the cells of a letter: two for a wide one, none for a lone mark. */
export function letterWidth(letter) {
  if (NOTHING.test(letter)) return 0;
  return WIDE.test(letter) ? 2 : 1;
}

/** Count the cells of a text. */
export function width(text) {
  return graphemes(text).reduce((sum, letter) => sum + letterWidth(letter), 0);
}

/** Keep the end of a text that fits into some cells: what stands before the caret of a full field. */
export function tail(text, cells) {
  const kept = [];
  let used = 0;
  for (const letter of graphemes(text).reverse()) {
    used += letterWidth(letter);
    if (used > cells) break;
    kept.unshift(letter);
  }
  return kept.join("");
}

/** Keep the beginning of a text that fits into some cells. */
export function head(text, cells) {
  let kept = "";
  let used = 0;
  for (const letter of graphemes(text)) {
    used += letterWidth(letter);
    if (used > cells) break;
    kept += letter;
  }
  return kept;
}

/**
 * Measure the display's font: its size so that one letter is exactly one cell.
 * `cell` is in CSS pixels; `family` as CSS writes it.
 */
export function fontFor(cell, family) {
  pen.font = `100px ${family}`;
  const advance = pen.measureText("0".repeat(20)).width / 20;
  return { cell, family, size: (cell * 100) / advance };
}

/** Put text into `parent`, each letter in its cells, and let the browser order letters of right-to-left scripts. */
export function write(parent, text, font) {
  for (const run of runs(text, font)) {
    if (run.kind === "plain") parent.append(run.text);
    else if (run.kind === "wide") parent.append(wideRun(run.letters, font));
    else parent.append(fittedRun(run, font));
  }
}

function runs(text, font) {
  const found = [];
  for (const letter of graphemes(text)) {
    const kind = letterWidth(letter) === 2 ? "wide" : isOfTheGrid(letter, font) ? "plain" : "fitted";
    const last = found.at(-1);
    if (last && last.kind === kind) {
      last.text += letter;
      last.letters.push(letter);
    } else found.push({ kind, text: letter, letters: [letter] });
  }
  return found;
}

function isOfTheGrid(letter, font) {
  return Math.abs(natural(letter, font) - font.cell * letterWidth(letter)) < 0.35;
}

function natural(text, font) {
  const key = `${font.size}/${text}`;
  if (!advances.has(key)) {
    if (advances.size > 5000) advances.clear();
    pen.font = `${font.size}px ${font.family}`;
    advances.set(key, pen.measureText(text).width);
  }
  return advances.get(key);
}

function wideRun(wide, font) {
  // One island in the row: wide letters run left to right whatever the row's direction is.
  const island = el("span", { class: "wide", dir: "ltr" });
  for (const letter of wide) {
    const box = el("span", { class: "cell2" });
    box.style.width = `${2 * font.cell}px`;
    box.style.fontSize = `${1.8 * font.cell}px`;
    box.append(letter);
    island.append(box);
  }
  return island;
}

function fittedRun(run, font) {
  // A letter that the grid's font lacks comes from another font, of another width: stretch or shrink it to its cells.
  const span = el("span", { class: "fitted" }, run.text);
  const cells = run.letters.reduce((sum, letter) => sum + letterWidth(letter), 0) * font.cell;
  const drawn = natural(run.text, font);
  if (drawn > cells) span.style.fontSize = `${Math.max(0.5, cells / drawn)}em`;
  else if (!JOINED.test(run.text)) span.style.letterSpacing = `${(cells - drawn) / run.letters.length}px`;
  return span;
}
