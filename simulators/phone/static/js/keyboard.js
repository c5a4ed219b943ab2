// The computer's keyboard as the phone's keys. Letters go through a hidden input, as dead keys and input methods need it.

import { el } from "./dom.js";

const NAMED = {
  ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right", Enter: "ok", Escape: "away",
  Backspace: "erase", Delete: "erase-after", Home: "home",
};

/** Where letters arrive; it has the focus unless something else on the page was given it. */
const typing = el("input", {
  id: "typing", class: "voice", type: "text", autocomplete: "off", spellcheck: "false", "aria-label": "Keyboard of the phone",
});

/** Listen. `pressed(key)` is called with the phone's name of a key; `listens()` tells whether digits are the keypad's. */
export function listen(pressed, listens) {
  document.body.append(typing);
  document.addEventListener("keydown", (event) => {
    if (isElsewhere(event) || isCommand(event)) return;
    const key = keyOf(event, listens);
    if (key) {
      event.preventDefault();
      pressed(key);
    } else if (Array.from(event.key).length === 1 && !isOnButton(event)) attend();
  });
  const take = () => {
    if (typing.value) pressed(`text:${typing.value}`);
    typing.value = "";
  };
  typing.addEventListener("input", (event) => !event.isComposing && take());
  typing.addEventListener("compositionend", take);
  document.addEventListener("paste", (event) => {
    if (isElsewhere(event)) return;
    event.preventDefault();
    const text = event.clipboardData?.getData("text/plain").split(/[\r\n]/)[0];
    if (text) pressed(`text:${text}`);
  });
}

/** Give the phone the computer's keyboard. */
export function attend() {
  typing.focus({ preventScroll: true });
}

function keyOf(event, listens) {
  if (isOnButton(event)) return "";
  if (NAMED[event.key]) return NAMED[event.key];
  const soft = /^F([1-9]|10)$/.exec(event.key);
  if (soft) return `soft:${soft[1] - 1}`;
  return /^[0-9*#]$/.test(event.key) && listens() ? `digit:${event.key}` : "";
}

/** Enter and space press the button that has the focus. */
function isOnButton(event) {
  const onButton = event.target instanceof Element && event.target.closest("button") !== null;
  return onButton && (event.key === "Enter" || event.key === " ");
}

function isCommand(event) {
  if (event.isComposing) return true;
  return (event.ctrlKey || event.metaKey || event.altKey) && !event.getModifierState("AltGraph");
}

function isElsewhere({ target }) {
  return target !== typing && target instanceof Element && target.closest("input, select, textarea, .panel") !== null;
}
