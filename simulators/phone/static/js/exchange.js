// Asking the presentation server for pages. The browser itself never talks to Touchline.

const REMEMBERED = 20;

/** What is asked and answered, the last twenty of it. */
export class Exchange {
  history = [];
  count = 0;

  /** `changed` is called after each answer. */
  constructor(changed) {
    this.changed = changed;
  }

  /** Ask. `asked`: {number, set, method, url, form, masked}. Never throws, except when `signal` gives the answer up. */
  async ask(asked, signal) {
    const at = new Date();
    const answered = await this.#fetch(asked, signal);
    this.count += 1;
    this.history.unshift({ at, number: this.count, ...answered });
    this.history.length = Math.min(this.history.length, REMEMBERED);
    this.changed();
    return answered;
  }

  async #fetch(asked, signal) {
    const failed = (reason) => ({
      request: { method: asked.method, url: asked.url, headers: {}, form: {} },
      status: null, headers: {}, reason, page: null, xml: "", warnings: [], elapsed_ms: 0, correlation: "",
    });
    try {
      const response = await post("/prs/request", asked, signal);
      if (!response.ok) return failed(`the presentation server refuses (${response.status}): ${await response.text()}`);
      return await response.json();
    } catch (error) {
      if (error.name === "AbortError") throw error;
      return failed("the presentation server of this simulator does not answer");
    }
  }

  /** Fetch a picture of a page; gives an address that an image can show, or "" if there is none. */
  picture(asked) {
    return blob("/prs/picture", asked);
  }

  /** Fetch a sound of a page; gives an address that can be played, or "" if there is none. */
  sound(asked) {
    return blob("/prs/sound", asked);
  }
}

async function blob(path, asked) {
  try {
    const response = await post(path, asked);
    return response.status === 200 ? URL.createObjectURL(await response.blob()) : "";
  } catch {
    return "";
  }
}

function post(path, body, signal) {
  return fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal });
}
