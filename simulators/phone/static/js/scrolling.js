// Where up and down lead: to the next line that can be active, or a row further where there is none in sight.

import { bodyRows, firstStop, isStop, rowsOf } from "./layout.js";

/** Scroll so far that the active line can be seen. Changes `state`. */
function reveal(state, page, set) {
  const { first, last } = spanOf(page, set, state.at);
  if (first < 0) return;
  const room = bodyRows(page, set);
  if (last >= state.top + room) state.top = last - room + 1;
  if (first < state.top) state.top = first;
}

/** Where a page begins: {at, top}. A long text is read from its beginning before what follows it can be chosen. */
export function firstPlace(page, set) {
  const first = page.lines.findIndex((line) => isStop(line, set));
  if (spanOf(page, set, first).first >= bodyRows(page, set)) return { at: -1, top: 0 };
  const place = { at: firstStop(page, set), top: 0 };
  reveal(place, page, set);
  return place;
}

/** Give where a step up (-1) or down (1) leads: {at, top}. */
export function nextPlace(state, page, set, step) {
  const rows = rowsOf(page, set);
  const room = bodyRows(page, set);
  const furthest = Math.max(0, rows.length - room);
  const stay = { at: state.at, top: state.top };
  const next = neighbour(page, set, fromWhere(state, rows, room, step), step);
  const scrolled = scrolledTo(Math.max(0, Math.min(furthest, state.top + step)), state, rows, room);
  if (next < 0) return scrolled.top === state.top ? stay : scrolled;
  const { first, last } = spanOf(page, set, next);
  // A line to choose that is more than a row out of sight: first the rows between are read.
  const near = step > 0 ? first <= state.top + room : last >= state.top - 1;
  if (!near) return scrolled;
  const moved = { at: next, top: state.top };
  reveal(moved, page, set);
  return moved;
}

/** Scroll; a line that goes out of sight is active no longer, so that OK never follows what nobody sees. */
function scrolledTo(top, state, rows, room) {
  const seen = rows.slice(top, top + room).some((row) => row.index === state.at);
  return { at: seen ? state.at : -1, top };
}

/** The line to step from: the active one, or without one the edge of what is in sight. */
function fromWhere(state, rows, room, step) {
  if (state.at >= 0) return state.at;
  const sight = rows.slice(state.top, state.top + room);
  return step > 0 ? (sight[0]?.index ?? 0) - 1 : (sight.at(-1)?.index ?? 0) + 1;
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
