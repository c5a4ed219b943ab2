// The computer's keyboard as the phone's keys.

const NAMED = {
  ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right", Enter: "ok", Escape: "away",
  Backspace: "erase", Delete: "erase-after", Home: "home",
};

/** Listen. `pressed(key)` is called with the phone's name of a key; `listens()` tells whether digits are the keypad's. */
export function listen(pressed, listens) {
  document.addEventListener("keydown", (event) => {
    if (isElsewhere(event)) return;
    const key = keyOf(event, listens);
    if (!key) return;
    event.preventDefault();
    pressed(key);
  });
  document.addEventListener("paste", (event) => {
    if (isElsewhere(event)) return;
    const text = event.clipboardData?.getData("text/plain").split(/[\r\n]/)[0];
    if (text) pressed(`text:${text}`);
  });
}

function keyOf(event, listens) {
  const onButton = event.target instanceof Element && event.target.closest("button");
  if (onButton && (event.key === "Enter" || event.key === " ")) return "";
  if (NAMED[event.key]) return NAMED[event.key];
  const soft = /^F([1-9]|10)$/.exec(event.key);
  if (soft) return `soft:${soft[1] - 1}`;
  if (Array.from(event.key).length !== 1) return "";
  if (/^[0-9*#]$/.test(event.key) && listens()) return `digit:${event.key}`;
  return `text:${event.key}`;
}

function isElsewhere(event) {
  const command = (event.ctrlKey || event.metaKey || event.altKey) && !event.getModifierState?.("AltGraph");
  if (event.type === "keydown" && (event.isComposing || command)) return true;
  return event.target instanceof Element && event.target.closest("input, select, textarea, .panel") !== null;
}
