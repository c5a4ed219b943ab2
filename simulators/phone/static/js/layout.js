// How a page lies in a display of some columns and rows: which rows there are, which can be chosen, what does not fit.

import { width } from "./cells.js";

const PIXELS_PER_CELL = { w: 8, h: 20 }; // a display of 40×12 cells has 320×240 pixels
export const ICONS = {
  call: "☎", in: "↙", out: "↗", missed: "✗", message: "✉", forward: "↪", busy: "●", free: "○", check: "✓", warning: "⚠", star: "★",
};

/** Lay out a page's body for a set: one entry for each row, with the line it belongs to and which part of it it is. */
export function rowsOf(page, set) {
  const rows = [];
  page.lines.forEach((line, index) => {
    for (let part = 0; part < height(line, set); part += 1) rows.push({ line, index, part });
  });
  return rows;
}

function height(line, set) {
  if (set.rows === 1) return 1;
  if (line.kind === "progress") return 2;
  if (line.kind === "image" && set.shades === "colour" && line.h > 0) return Math.ceil(line.h / PIXELS_PER_CELL.h);
  return 1;
}

/** Give the size in cells of a picture of some pixels. */
export function pictureCells(line) {
  return { columns: line.w / PIXELS_PER_CELL.w, rows: line.h / PIXELS_PER_CELL.h };
}

/** How many rows are left for the body. A set of one row gives it to the body, if there is one. */
export function bodyRows(page, set) {
  return hasHeader(page, set) ? set.rows - 1 : set.rows;
}

/** Whether the header has a row. */
export function hasHeader(page, set) {
  return Boolean(page.header) && (set.rows > 1 || page.lines.length === 0);
}

/** Whether a line can be made the active one: fields and items; on a set of one row every line. */
export function isStop(line, set) {
  return set.rows === 1 || line.kind === "item" || line.kind === "field";
}

/** The first active line: what the page says, else the first that leads somewhere, else the first that can be one. */
export function firstStop(page, set) {
  if (page.active >= 0 && page.active < page.lines.length) return page.active;
  const stops = page.lines.map((line, index) => ({ line, index })).filter(({ line }) => isStop(line, set));
  const leading = stops.find(({ line }) => line.kind === "field" || line.href);
  return (set.rows > 1 && leading ? leading : stops[0])?.index ?? -1;
}

/** The cells of an item: where its label and its detail stand. */
export function itemCells(item, set) {
  const icon = ICONS[item.icon] ? 2 : 0;
  const detail = Math.min(width(item.detail), set.columns);
  const label = Math.max(0, set.columns - icon - (detail ? detail + 1 : 0));
  return { icon, label, detail };
}

/** The cells of a form's fields: the labels' column is as wide as the widest needs, a little over half the display at most. */
export function fieldCells(form, set) {
  const widest = Math.max(...form.fields.map((field) => width(field.label)));
  const label = Math.min(widest + 1, Math.floor(set.columns / 2) + 2);
  return { label, value: set.columns - label };
}

/** Everything on a page that has no room, for the developer: each with its place, its text, its width and the room. */
export function overflowOf(page, set) {
  const found = [];
  const check = (where, text, room) => {
    const wide = width(text);
    if (wide > room) found.push({ where, text, width: wide, room });
  };
  if (page.header && set.rows > 1) {
    const note = width(page.header.note);
    check("header", page.header.label, set.columns - (note ? note + 1 : 0));
    check("header note", page.header.note, set.columns);
  }
  page.lines.forEach((line, index) => checkLine(check, line, `line ${index}`, set));
  for (const key of page.softKeys) {
    if (key.position >= 0 && key.position < set.soft_keys) check(`soft key ${key.position}`, key.label, set.soft_key_columns);
    else found.push({ where: `soft key ${key.position}`, text: key.label, width: key.position + 1, room: set.soft_keys });
  }
  if (page.dialog) {
    if (set.rows > 1) check("dialog", page.dialog.label, set.columns);
    page.dialog.lines.forEach((line, index) => check(`dialog line ${index}`, line, set.columns));
    page.dialog.actions.forEach((action, index) => check(`dialog action ${index}`, action.label, set.columns));
  }
  if (page.popup) check("popup", page.popup.label, set.columns);
  return [...found, ...tooManyRows(page, set)];
}

function checkLine(check, line, where, set) {
  if (line.kind === "item") {
    check(`${where} detail`, line.detail, set.columns);
    check(where, line.label, itemCells(line, set).label);
  } else if (line.kind === "field") {
    // The label and the value share the row; a value that is longer than its part scrolls in it.
    check(where, line.field.label, fieldCells(line.form, set).label - 1);
  } else check(where, line.text, set.columns);
}

/** A bar or a picture below the last row: nobody would scroll to look for it. */
function tooManyRows(page, set) {
  const room = bodyRows(page, set);
  if (set.rows === 1) return [];
  return rowsOf(page, set)
    .slice(room)
    .filter(({ line, part }) => part === 0 && (line.kind === "progress" || line.kind === "image"))
    .map(({ line }) => ({ where: "rows", text: line.text, width: page.lines.indexOf(line) + 1, room }));
}
