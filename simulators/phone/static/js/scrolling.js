// Where up and down lead: to the next line that can be active, or a row further where there is none in sight.

import { bodyRows, isStop, rowsOf } from "./layout.js";

/** Scroll so far that the active line can be seen. Changes `state`. */
export function reveal(state, page, set) {
  const { first, last } = spanOf(page, set, state.at);
  if (first < 0) return;
  const room = bodyRows(page, set);
  if (last >= state.top + room) state.top = last - room + 1;
  if (first < state.top) state.top = first;
}

/** Give where a step up (-1) or down (1) leads: {at, top}. */
export function nextPlace(state, page, set, step) {
  const rows = rowsOf(page, set);
  const room = bodyRows(page, set);
  const furthest = Math.max(0, rows.length - room);
  const stay = { at: state.at, top: state.top };
  const next = neighbour(page, set, state.at, step);
  const scrolled = { at: state.at, top: Math.max(0, Math.min(furthest, state.top + step)) };
  if (next < 0) return scrolled.top === state.top ? stay : scrolled;
  const { first, last } = spanOf(page, set, next);
  // A line to choose that is more than a row out of sight: first the rows between are read.
  const near = step > 0 ? first <= state.top + room : last >= state.top - 1;
  if (!near) return scrolled;
  const moved = { at: next, top: state.top };
  reveal(moved, page, set);
  return moved;
}

function neighbour(page, set, at, step) {
  for (let index = at + step; index >= 0 && index < page.lines.length; index += step) {
    if (isStop(page.lines[index], set)) return index;
  }
  return -1;
}

function spanOf(page, set, index) {
  const rows = rowsOf(page, set);
  return { first: rows.findIndex((row) => row.index === index), last: rows.findLastIndex((row) => row.index === index) };
}
