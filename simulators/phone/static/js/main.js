// The desk: a phone of the chosen set for the chosen person, the selectors above it, the developer's panel beside it.

import { Body } from "./body.js";
import { Choices } from "./choices.js";
import { Display } from "./display.js";
import { Exchange } from "./exchange.js";
import { Panel } from "./panel.js";
import { Phone } from "./phone.js";
import { attend, listen } from "./keyboard.js";

const stage = document.getElementById("stage");
const voice = document.getElementById("voice");
const panel = new Panel(document.getElementById("panel"));
const exchange = new Exchange(() => panel.show(exchange));
let phone = null;
let body = null;

function press(key) {
  phone.press(key);
}

/** Put a phone on the desk and switch it on. */
function place(desk, { person, set }) {
  phone?.powerOff();
  body?.loudspeaker.offer(null);
  const display = new Display(set);
  body = new Body(set, display, press);
  phone = new Phone({
    desk, set, person, display, exchange,
    say: (text) => (voice.textContent = text),
    shown: () => {
      body.nameSoftKeys(phone.page.softKeys);
      const sound = phone.page.lines.find((line) => line.kind === "sound");
      body.loudspeaker.offer(sound && (() => exchange.sound({ number: person.number, set: person.set, url: sound.uri })));
      panel.note(phone.overflow, notes(person, set));
    },
  });
  body.nameSoftKeys([]);
  display.grid.addEventListener("click", (event) => {
    const line = event.target.closest(".row")?.dataset.line;
    if (line) phone.touch(Number(line));
  });
  stage.replaceChildren(body.element);
  window.phone = phone;
  panel.note([], []);
  attend();
  if (person.number) phone.powerOn();
}

function notes(person, set) {
  const differs = person.station_type && person.station_type.toLowerCase() !== set.station_type.toLowerCase();
  return differs ? [`the person's set is ${person.station_type}; ${set.station_type} is drawn`] : [];
}

const desk = await (await fetch("/desk.json")).json();
const choices = new Choices(desk, (chosen) => place(desk, chosen));
listen(
  (key) => {
    body.flash(key === "away" ? "back" : key.toLowerCase());
    press(key);
  },
  () => phone.listens,
);
place(desk, choices.current);
