// What stands in each row of the display: the page, what is typed, the dialog or the word over it. Nothing is drawn here.

import { head, tail, width } from "./cells.js";
import { ICONS, bodyRows, fieldCells, hasHeader, itemCells, rowsOf } from "./layout.js";

/**
 * Compose the display.
 *
 * `state`: {page, at, top, dialogAt, dialogTop, digits, popup}. Gives {rows, scroll, picture, modal}: each row has
 * `kind`, `active` and its pieces: {text, column, cells, align, look, caret?}.
 */
export function compose(state, set) {
  const { page } = state;
  const rows = [];
  if (hasHeader(page, set)) rows.push(headerRow(counted(page, state.at), set));
  const room = bodyRows(page, set);
  const body = rowsOf(page, set);
  const shown = body.slice(state.top, state.top + room);
  for (const row of shown) rows.push(bodyRow(row, row.index === state.at, set));
  while (rows.length < set.rows) rows.push({ kind: "empty", pieces: [] });
  let scroll = body.length > room ? { top: state.top, shown: room, total: body.length, from: set.rows - room } : null;
  let modal = false;
  if (page.dialog) {
    scroll = layDialog(rows, state, set) ?? null;
    modal = true;
  } else if (state.digits) layDigits(rows, state, set);
  if (state.popup) layPopup(rows, state.popup, set);
  return { rows, scroll, modal };
}

/** The header; while a long text is typed, how many characters are left stands where its note does. */
function counted({ header, lines }, at) {
  const left = lines[at]?.field?.left ?? null;
  return left === null ? header : { ...header, note: String(left) };
}

function headerRow(header, set) {
  const note = Math.min(width(header.note), set.columns);
  const pieces = [{ text: header.label, column: 0, cells: Math.max(0, set.columns - (note ? note + 1 : 0)), look: "title" }];
  if (note) pieces.push({ text: header.note, column: set.columns - note, cells: note, align: "end", look: "note" });
  return { kind: "header", pieces };
}

function bodyRow({ line, index, part }, active, set) {
  const row = ROWS[line.kind](line, part, active, set);
  return { active, index, ...row };
}

const ROWS = {
  text: (line, _part, _active, set) => ({ kind: "text", active: false, pieces: [{ text: line.text, column: 0, cells: set.columns }] }),

  sound: (line, part, active, set) => ROWS.text(line, part, active, set),

  item(line, _part, _active, set) {
    const cells = itemCells(line, set);
    const pieces = [{ text: line.label, column: cells.icon, cells: cells.label, look: "label" }];
    if (cells.icon) pieces.push({ text: ICONS[line.icon], column: 0, cells: 1, look: "icon" });
    if (cells.detail) {
      pieces.push({ text: line.detail, column: set.columns - cells.detail, cells: cells.detail, align: "end", look: "detail" });
    }
    return { kind: line.href ? "item" : "item read-only", pieces };
  },

  field(line, _part, active, set) {
    const cells = fieldCells(line.form, set);
    const label = { text: line.field.label, column: 0, cells: cells.label - 1, look: "label" };
    return { kind: `field ${line.field.kind}`, pieces: [label, value(line.field, cells, active)] };
  },

  progress(line, part, _active, set) {
    if (set.rows === 1) return { kind: "progress one", share: line.share, pieces: [{ text: line.text, column: 0, cells: set.columns }] };
    if (part === 0) return { kind: "text", active: false, pieces: [{ text: line.text, column: 0, cells: set.columns }] };
    return { kind: "progress", active: false, share: line.share, pieces: [] };
  },

  image(line, part, _active, set) {
    const pieces = part === 0 ? [{ text: line.text, column: 0, cells: set.columns, look: "alternative" }] : [];
    return { kind: "image", active: false, picture: { line, part }, pieces };
  },
};

function value(field, cells, active) {
  const place = { column: cells.label, cells: cells.value };
  if (field.kind === "check") return { ...place, text: field.state ? "[x]" : "[ ]", look: "value" };
  if (!active) return { ...place, text: head(field.before + field.after, cells.value), look: "value" };
  // The caret stays in sight: what stands before it is cut at its beginning, what follows gets what room is left.
  const before = tail(field.before, cells.value - 1);
  const after = head(field.after, cells.value - width(before));
  return { ...place, text: before, after, caret: true, look: "value" };
}

function layDigits(rows, { page, digits }, set) {
  const shown = tail(digits, Math.max(1, Math.floor(set.columns / 2) - 1));
  const cells = width(shown) + 1;
  const row = hasHeader(page, set) || set.rows === 1 ? rows[0] : rows.at(-1);
  const left = row.pieces.filter((piece) => piece.look !== "note" && piece.look !== "detail");
  row.pieces = left.map((piece) => ({ ...piece, cells: Math.min(piece.cells, set.columns - cells - 1 - piece.column) }));
  row.pieces.push({ text: shown, column: set.columns - cells, cells, look: "digits", caret: true, after: "" });
}

function layPopup(rows, text, set) {
  const at = Math.floor((set.rows - 1) / 2);
  rows[at] = { kind: "popup", pieces: [{ text, column: 0, cells: set.columns, align: "middle" }] };
}

/** The rows of a dialog: title, question, and its answers beside each other where they fit, else one below the other. */
export function dialogRows(dialog, set) {
  const rows = [];
  if (dialog.label) rows.push({ kind: "dialog title", pieces: [{ text: dialog.label, column: 0, cells: set.columns, align: "middle" }] });
  for (const text of dialog.lines) rows.push({ kind: "dialog", pieces: [{ text, column: 0, cells: set.columns }] });
  const { actions } = dialog;
  const wide = actions.reduce((sum, action) => sum + width(action.label) + 2, 0);
  if (set.rows > 1 && wide <= set.columns) {
    let column = Math.floor((set.columns - wide) / 2);
    const pieces = actions.map((action, index) => {
      const cells = width(action.label) + 2;
      const piece = { text: ` ${action.label}`, column, cells, look: "action", action: index };
      column += cells;
      return piece;
    });
    rows.push({ kind: "dialog actions", pieces });
  } else {
    actions.forEach((action, index) => {
      const piece = { text: action.label, column: 0, cells: set.columns, look: "action", action: index };
      rows.push({ kind: "dialog actions", pieces: [piece] });
    });
  }
  return rows;
}

/** Whether a dialog's answers share one row: it stays at the bottom while a long question scrolls above it. */
export function answersStay(dialog, set) {
  return set.rows > 1 && dialogRows(dialog, set).filter((row) => row.kind === "dialog actions").length === 1;
}

/** The rows of a dialog that are in sight when `top` of them have been scrolled away. */
export function dialogInSight(dialog, set, top) {
  const all = dialogRows(dialog, set);
  if (!answersStay(dialog, set) || all.length <= set.rows) return all.slice(top, top + set.rows);
  return [...all.slice(top, top + set.rows - 1), all.at(-1)];
}

function layDialog(rows, state, set) {
  const all = dialogRows(state.page.dialog, set);
  const first = Math.max(0, Math.floor((set.rows - all.length) / 2));
  const shown = dialogInSight(state.page.dialog, set, state.dialogTop);
  shown.forEach((row, index) => {
    const pieces = row.pieces.map((piece) => (piece.action === state.dialogAt ? { ...piece, look: "action chosen" } : piece));
    const edge = `${index === 0 ? " first" : ""}${index === shown.length - 1 ? " last" : ""}`;
    rows[first + index] = { ...row, kind: row.kind + edge, pieces };
  });
  return all.length > set.rows ? { top: state.dialogTop, shown: set.rows, total: all.length, from: 0 } : null;
}
