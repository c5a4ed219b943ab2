// Whose phone stands on the desk, and which set it is: the selectors above, and what the page's address says.

import { el } from "./dom.js";

/** The selectors. `chosen({person, set})` is called when someone decides. */
export class Choices {
  constructor(desk, chosen) {
    this.desk = desk;
    this.chosen = chosen;
    this.form = document.getElementById("choices");
    this.person = document.getElementById("person");
    this.number = document.getElementById("number");
    this.set = document.getElementById("set");
    this.#fill();
    this.#read(new URLSearchParams(location.search));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#decide();
    });
    this.person.addEventListener("change", () => this.#takePerson());
    this.set.addEventListener("change", () => this.#decide());
    this.number.addEventListener("input", () => (this.person.value = this.#known(this.number.value)?.number ?? ""));
  }

  /** What is chosen now: {person, set}. */
  get current() {
    const number = this.number.value.trim();
    const known = this.#known(number);
    const person = known && this.device === null ? known : { name: "", language: "", station_type: "", ...known, number, set: this.device ?? number };
    return { person, set: this.desk.sets.find((set) => set.station_type === this.set.value) };
  }

  #fill() {
    this.person.append(el("option", { value: "" }, "another number"));
    for (const one of this.desk.people) this.person.append(el("option", { value: one.number }, `${one.name || "no name"} · ${one.number}`));
    document.getElementById("person-choice").hidden = this.desk.people.length === 0;
    for (const [family, sets] of Object.entries(Object.groupBy(this.desk.sets, (set) => set.family))) {
      const { title, columns, rows } = sets[0];
      this.set.append(el("optgroup", { label: `${title} (${columns}×${rows})`, "data-family": family },
        ...sets.map((set) => el("option", { value: set.station_type }, `${set.name} · ${set.station_type}`))));
    }
  }

  #read(query) {
    document.body.classList.toggle("bare", query.get("bare") === "1");
    this.device = query.get("set");
    this.number.value = query.get("number") ?? this.desk.people[0]?.number ?? "";
    const known = this.#known(this.number.value);
    this.person.value = known?.number ?? "";
    this.set.value = this.desk.default_set;
    this.#takeSet(query.get("type") ?? known?.station_type);
  }

  #known(number) {
    return this.desk.people.find((person) => person.number === number.trim());
  }

  #takePerson() {
    const known = this.desk.people.find((person) => person.number === this.person.value);
    if (!known) return this.number.focus();
    this.number.value = known.number;
    this.#takeSet(known.station_type);
    return this.#decide();
  }

  #takeSet(stationType) {
    const set = this.desk.sets.find((one) => one.station_type.toLowerCase() === stationType?.toLowerCase());
    if (set) this.set.value = set.station_type;
  }

  #decide() {
    this.device = null;
    const { person, set } = this.current;
    const query = new URLSearchParams(location.search);
    query.set("number", person.number);
    query.set("set", person.set);
    query.set("type", set.station_type);
    history.replaceState(null, "", `?${query}`);
    this.chosen(this.current);
  }
}
