// The fields of a form: what each takes, how it is typed into, what it sends.

const DIGITS = /^[0-9*#]$/;
const COUNTED_FROM = 100; // characters; who types a name needs no count, who writes a text does
const PARTS = {
  date: [["year", 4], "-", ["month", 2], "-", ["day", 2]],
  time: [["hour", 2], ":", ["minute", 2]],
  datetime: [["year", 4], "-", ["month", 2], "-", ["day", 2], " ", ["hour", 2], ":", ["minute", 2]],
};

/** Make a field of a box of a page; null for a box that is no field. */
export function readField(box) {
  const { name = "", label = "" } = box.attributes;
  if (box.name === "InputBox") return new TextField(name, label, box.attributes);
  if (box.name === "CheckBox") return new CheckField(name, label, box.attributes);
  if (box.name === "DateBox") return new DateField(name, label, box.attributes);
  return null;
}

/** A line of text, digits, or a password. The caret stands between characters; `max` counts characters. */
class TextField {
  kind = "text";

  constructor(name, label, { value = "", kind = "text", max = "255" }) {
    Object.assign(this, { name, label });
    this.takes = kind;
    this.masked = kind === "password";
    this.max = Math.max(0, Number.parseInt(max, 10) || 0);
    this.characters = Array.from(value).slice(0, this.max);
    this.caret = this.characters.length;
  }

  get value() {
    return this.characters.join("");
  }

  /** How many characters still go in; null where nobody counts them. */
  get left() {
    return this.takes === "text" && this.max >= COUNTED_FROM ? this.max - this.characters.length : null;
  }

  get before() {
    return this.masked ? "•".repeat(this.caret) : this.characters.slice(0, this.caret).join("");
  }

  get after() {
    const rest = this.characters.slice(this.caret);
    return this.masked ? "•".repeat(rest.length) : rest.join("");
  }

  accepts(character) {
    return this.takes === "digits" ? DIGITS.test(character) : !/\p{Cc}/u.test(character);
  }

  /** Type text at the caret; what the field does not take, or has no room for, is left out. True if all went in. */
  type(text) {
    let whole = true;
    for (const character of Array.from(text)) {
      if (this.accepts(character) && this.characters.length < this.max) {
        this.characters.splice(this.caret, 0, character);
        this.caret += 1;
      } else whole = false;
    }
    return whole;
  }

  erase() {
    if (this.caret === 0) return false;
    this.characters.splice(this.caret - 1, 1);
    this.caret -= 1;
    return true;
  }

  eraseAfter() {
    return this.characters.splice(this.caret, 1).length > 0;
  }

  move(step) {
    this.caret = Math.min(this.characters.length, Math.max(0, this.caret + step));
  }
}

/** Yes or no. Left, right, space, `*` and `#` change it. */
class CheckField {
  kind = "check";
  masked = false;

  constructor(name, label, { state = "false" }) {
    Object.assign(this, { name, label });
    this.state = state === "true" || state === "1";
  }

  get value() {
    return this.state ? "true" : "false";
  }

  type(text) {
    if (![" ", "*", "#"].includes(text)) return false;
    this.move();
    return true;
  }

  erase() {
    return false;
  }

  eraseAfter() {
    return false;
  }

  move() {
    this.state = !this.state;
  }
}

/** A date, a time or both, in ISO's order. Digits overwrite; left and right move from digit to digit. */
class DateField {
  kind = "date";
  masked = false;

  constructor(name, label, { value = "", format = "date" }) {
    Object.assign(this, { name, label });
    const [, year, month, day, hour, minute] = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})/.exec(value) ?? [];
    this.given = { year, month, day, hour, minute };
    this.cells = [];
    for (const part of PARTS[format] ?? PARTS.date) {
      if (typeof part === "string") this.cells.push({ fixed: true, character: part });
      else for (let i = 0; i < part[1]; i += 1) this.cells.push({ part: part[0], character: this.given[part[0]]?.[i] ?? "_" });
    }
    this.caret = 0;
  }

  get before() {
    return this.text(0, this.caret);
  }

  get after() {
    return this.text(this.caret);
  }

  text(from, to) {
    return this.cells.slice(from, to).map((cell) => cell.character).join("");
  }

  /** What is sent: an ISO date and time; empty while digits are missing. What the box does not ask for is kept. */
  get value() {
    if (this.cells.some((cell) => cell.character === "_")) return "";
    const today = new Date();
    const otherwise = {
      year: String(today.getFullYear()),
      month: String(today.getMonth() + 1).padStart(2, "0"),
      day: String(today.getDate()).padStart(2, "0"),
      hour: "00",
      minute: "00",
    };
    const of = (part) => this.cells.filter((cell) => cell.part === part).map((cell) => cell.character).join("") || this.given[part] || otherwise[part];
    return `${of("year")}-${of("month")}-${of("day")}T${of("hour")}:${of("minute")}:00`;
  }

  type(text) {
    if (!/^[0-9]$/.test(text)) return false;
    if (this.caret >= this.cells.length) return false;
    this.cells[this.caret].character = text;
    this.move(1);
    return true;
  }

  erase() {
    const before = this.caret;
    this.move(-1);
    if (this.caret === before) return false;
    this.cells[this.caret].character = "_";
    return true;
  }

  eraseAfter() {
    if (this.caret >= this.cells.length) return false;
    this.cells[this.caret].character = "_";
    return true;
  }

  move(step) {
    let next = this.caret + step;
    if (this.cells[next]?.fixed) next += step;
    if (next >= 0 && next <= this.cells.length) this.caret = next;
  }
}
