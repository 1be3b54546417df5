/**
 * Capture on the floor: live judgement, keypad and keys, and a draft that survives a reload.
 *
 * What is typed is kept on the device under the form's key until the server has answered; sent
 * again it keeps that key, so that nothing is stored twice. Without this module the page is a form.
 */

const LONGEST_DRAFT_MS = 12 * 3600 * 1000;
const NUMBER = /^[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]{1,3})?$/;
const SYMBOLS = { ok: "●", attention: "▲", problem: "■", idle: "○" };
const SVG = "http://www.w3.org/2000/svg";

/** @typedef {{key: string, measured_at: string, saved: number, fields: Record<string, string>}} Draft */

/** @param {string} name */
const place = (name) => `andon.capture.${name}`;

/** @param {string} name @returns {Draft | null} */
function draftOf(name) {
  try {
    const draft = JSON.parse(localStorage.getItem(place(name)) ?? "null");
    return draft && Date.now() - draft.saved < LONGEST_DRAFT_MS ? draft : null;
  } catch {
    return null;
  }
}

/** @param {string} name @param {Draft | null} draft @returns {boolean} whether it is kept */
function keep(name, draft) {
  try {
    if (draft) localStorage.setItem(place(name), JSON.stringify(draft));
    else localStorage.removeItem(place(name));
    return true;
  } catch {
    return false;
  }
}

/** @param {string} text @returns {number | null} */
function numberOf(text) {
  const plain = text.trim();
  const value = NUMBER.test(plain) ? Number(plain.replace(",", ".")) : NaN;
  return Number.isFinite(value) ? value : null;
}

/** @param {string | undefined} text @returns {number[] | null} */
function bandOf(text) {
  return text ? text.split(" ").map(Number) : null;
}

/** @param {string | undefined} text */
const levelOf = (text) => (text ? Number(text) : null);

/** @param {Element} place @param {string} kind @param {string} word */
function say(place, kind, word) {
  place.className = `status status--${kind}`;
  const mark = document.createElement("span");
  mark.className = "status-symbol";
  mark.setAttribute("aria-hidden", "true");
  mark.textContent = SYMBOLS[/** @type {keyof SYMBOLS} */ (kind)] ?? "";
  place.replaceChildren(...(word ? [mark, word] : []));
}

/** @param {Element} field whose refusal no longer holds, because it is being changed */
function clearErrors(field) {
  field.removeAttribute("aria-invalid");
  for (const one of field.closest(".value, .tally")?.querySelectorAll(".field-error") ?? []) one.remove();
}

/** The form with everything its handlers share. */
class Capture {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.name = form.dataset.capture ?? "";
    this.opened = performance.now();
    this.touched = false;
    this.page = /** @type {HTMLElement} */ (document.getElementById("capture-page"));
    /** @type {HTMLInputElement[]} */
    this.values = [...form.querySelectorAll(".values input")].map((one) => /** @type {HTMLInputElement} */ (one));
    this.next = /** @type {HTMLButtonElement} */ (this.page.querySelector("[data-next]"));
    this.lower = levelOf(form.dataset.lower);
    this.upper = levelOf(form.dataset.upper);
    this.band = bandOf(form.dataset.band);
    this.usual = bandOf(form.dataset.usual);
    this.current = this.values[0] ?? null;
  }

  /** @param {string} name @returns {string} a word of the page's language */
  word(name) {
    return this.form.dataset[`word${name}`] ?? "";
  }

  start() {
    this.restore();
    this.listen();
    this.showKeypad();
    this.judge();
    this.share();
    const lot = /** @type {HTMLInputElement | null} */ (document.getElementById("lot"));
    const wrong = this.page.querySelector('[aria-invalid="true"]');
    const boxes = this.values.length ? this.values : [this.input("inspected")];
    const open = boxes.find((one) => !one.value) ?? boxes.at(-1);
    const goal = wrong ?? (lot && !lot.value && !this.touched ? lot : open);
    if (goal instanceof HTMLElement) goal.focus();
  }

  fields() {
    return [...this.form.elements].filter((one) => "name" in one && /^(value-|lot$|instrument$|inspected$)/.test(String(one.name)));
  }

  restore() {
    const draft = this.page.querySelector('[aria-invalid="true"]') ? null : draftOf(this.name);
    if (!draft) return;
    for (const one of this.fields()) {
      const field = /** @type {HTMLInputElement} */ (one);
      if (field.type !== "hidden" && draft.fields[field.name] !== undefined) field.value = draft.fields[field.name];
    }
    this.input("key").value = draft.key;
    this.input("measured_at").value = draft.measured_at;
    this.touched = true;
    this.show("[data-saved]");
  }

  /** @param {string} name */
  input(name) {
    return /** @type {HTMLInputElement} */ (this.form.elements.namedItem(name));
  }

  /** @param {string} what */
  show(what) {
    for (const one of this.page.querySelectorAll("[data-saved], [data-offline]")) {
      one.toggleAttribute("hidden", !one.matches(what));
    }
  }

  save() {
    if (!this.touched) {
      // The moment of the first value, by the server's clock.
      const at = new Date(Date.parse(this.form.dataset.now ?? "") + performance.now() - this.opened);
      this.input("measured_at").value = at.toISOString();
      this.touched = true;
    }
    const fields = Object.fromEntries(this.fields().map((one) => {
      const field = /** @type {HTMLInputElement} */ (one);
      return [field.name, field.value];
    }));
    const draft = { key: this.input("key").value, measured_at: this.input("measured_at").value, saved: Date.now(), fields };
    if (keep(this.name, draft)) this.show("[data-saved]");
  }

  listen() {
    for (const one of this.fields()) {
      one.addEventListener("input", () => { clearErrors(one); this.save(); this.judge(); this.share(); });
    }
    for (const box of this.values) {
      box.addEventListener("focus", () => { this.current = box; this.judge(); });
    }
    this.page.addEventListener("keydown", (event) => this.onKey(event));
    this.page.addEventListener("click", (event) => this.onClick(event));
    this.form.addEventListener("submit", (event) => this.onSubmit(event));
  }

  showKeypad() {
    for (const key of this.page.querySelectorAll("[data-digit], [data-back]")) key.removeAttribute("hidden");
    // The page's own keypad is there: a tablet need not cover half of it with another one.
    if (matchMedia("(pointer: coarse)").matches) for (const box of this.values) box.inputMode = "none";
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
    if (event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.advance(event.target);
  }

  /** @param {HTMLElement | null} from goes on to what is empty after it, or sends */
  advance(from) {
    if (!this.values.length) { this.goOn(from); return; }
    const at = this.values.indexOf(/** @type {HTMLInputElement} */ (from));
    const open = this.values.slice(at + 1).find((one) => !one.value) ?? this.values.find((one) => !one.value);
    if (at >= 0 && !this.values[at].value) return;
    const bad = this.values.find((one) => one.value && numberOf(one.value) === null);
    const goal = open ?? bad;
    if (goal && goal !== from) { goal.focus(); return; }
    if (goal === from && goal) { goal.select(); return; }
    this.form.requestSubmit();
  }

  /** @param {HTMLElement | null} from goes on to the next field of a count, or sends after the last */
  goOn(from) {
    const fields = this.fields().filter((one) => /** @type {HTMLInputElement} */ (one).type !== "hidden");
    const goal = fields[fields.indexOf(/** @type {Element} */ (from)) + 1];
    if (goal instanceof HTMLInputElement) { goal.focus(); goal.select(); }
    else if (goal instanceof HTMLElement) goal.focus();
    else this.form.requestSubmit();
  }

  /** @param {MouseEvent} event */
  onClick(event) {
    const key = event.target instanceof Element ? event.target.closest("button, [data-report]") : null;
    if (!(key instanceof HTMLElement)) return;
    if (key.dataset.digit !== undefined) this.type(key.dataset.digit);
    else if ("back" in key.dataset) this.type(null);
    else if ("add" in key.dataset) this.count(key, 1);
    else if ("less" in key.dataset) this.count(key, -1);
    else if ("report" in key.dataset) this.withLot(/** @type {HTMLAnchorElement} */ (key));
    else if (key === this.next && this.values.some((one) => !one.value)) {
      event.preventDefault();
      this.advance(this.current);
    }
  }

  /** @param {HTMLAnchorElement} link goes to the report with the lot typed here */
  withLot(link) {
    const url = new URL(link.href);
    url.searchParams.set("lot", this.input("lot").value);
    link.href = url.href;
  }

  /** @param {string | null} digit; null deletes the last one */
  type(digit) {
    const box = this.current;
    if (!box) return;
    box.value = digit === null ? box.value.slice(0, -1) : box.value + digit;
    box.focus();
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** @param {HTMLElement} key @param {number} step */
  count(key, step) {
    const field = key.closest(".tally")?.querySelector("input");
    if (!field) return;
    field.value = String(Math.max(0, (numberOf(field.value) ?? 0) + step));
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** @param {string} text @returns {[string, string]} */
  judged(text) {
    const value = numberOf(text);
    if (value === null) return ["problem", this.word("Malformed")];
    if ((this.lower !== null && value < this.lower) || (this.upper !== null && value > this.upper)) return ["problem", this.word("Out")];
    if (this.usual && (value < this.usual[0] || value > this.usual[1])) return ["attention", this.word("Unusual")];
    return ["ok", this.word("Inside")];
  }

  /** @param {string} text @returns {boolean} whether digits are missing that the gauge shows */
  isUnfinished(text) {
    const typed = /^[+-]?[0-9]*(?:[.,]([0-9]*))?$/.exec(text.trim());
    return typed !== null && (typed[1] ?? "").length < this.digits();
  }

  judge() {
    if (!this.values.length) return;
    for (const box of this.values) {
      const isNow = box === document.activeElement;
      const [kind, word] = box.value ? this.judged(box.value) : ["idle", isNow ? this.word("Now") : ""];
      const item = /** @type {HTMLElement} */ (box.closest(".value"));
      if (item.querySelector(".field-error")) continue;
      const shown = isNow && this.isUnfinished(box.value) ? ["idle", this.word("Now")] : [kind, word];
      for (const one of ["problem", "attention"]) item.classList.toggle(`value--${one}`, shown[0] === one && !isNow);
      item.classList.toggle("value--now", isNow);
      say(/** @type {Element} */ (item.querySelector("[data-status]")), shown[0], shown[1]);
    }
    this.mark();
    this.tellMean();
    const isLast = this.values.filter((one) => !one.value && one !== this.current).length === 0;
    this.next.textContent = `${isLast ? this.word("Send") : this.word("Next")} ⏎`;
  }

  /** Puts a mark on the scale for each value. */
  mark() {
    const scale = this.page.querySelector("[data-scale] .scale");
    if (!scale) return;
    for (const old of scale.querySelectorAll(".scale-mark")) old.remove();
    const levels = [this.lower, this.upper, levelOf(this.form.dataset.target), ...(this.band ?? [])].filter((one) => one !== null);
    const low = this.lower ?? Math.min(...levels);
    const high = this.upper ?? Math.max(...levels);
    if (!(high > low)) return;
    for (const box of this.values) {
      const value = numberOf(box.value);
      if (value === null || (box === document.activeElement && this.isUnfinished(box.value))) continue;
      const share = Math.min(1, Math.max(0, (value - low) / (high - low)));
      const kind = this.judged(box.value)[0];
      const mark = document.createElementNS(SVG, "rect");
      const told = { class: `scale-mark${kind === "ok" ? "" : ` scale-mark--${kind}`}`, x: `${(100 * share).toFixed(2)}%`, y: "0", width: "6", height: "18", rx: "3", transform: "translate(-3 0)" };
      for (const [name, text] of Object.entries(told)) mark.setAttribute(name, text);
      scale.append(mark);
    }
  }

  tellMean() {
    const line = this.page.querySelector("[data-mean]");
    if (!line) return;
    const typed = this.values.map((one) => numberOf(one.value));
    const isWhole = typed.length > 1 && typed.every((one) => one !== null);
    if (!isWhole || !this.band) { line.replaceChildren(); return; }
    const isLog = this.form.dataset.model === "log";
    const sum = typed.reduce((/** @type {number} */ all, one) => all + (isLog ? Math.log(Number(one)) : Number(one)), 0);
    const mean = isLog ? Math.exp(sum / typed.length) : sum / typed.length;
    const isInside = this.band[0] <= mean && mean <= this.band[1];
    const number = document.createElement("b");
    number.textContent = mean.toFixed(this.digits() + 2);
    const status = document.createElement("span");
    say(status, isInside ? "ok" : "attention", isInside ? this.word("MeanIn") : this.word("MeanOut"));
    line.replaceChildren(`${this.word("Mean")} `, number, " ", status);
  }

  digits() {
    const resolution = Number(this.form.dataset.resolution || 1);
    return Math.max(0, Math.ceil(-Math.log10(resolution) - 1e-9));
  }

  /** Says which share of the inspected pieces is defective. */
  share() {
    const line = this.form.querySelector("[data-share]");
    const inspected = line ? numberOf(this.input("inspected").value) : null;
    if (!line) return;
    const counts = [...this.form.querySelectorAll(".tally input")].map((one) => numberOf(/** @type {HTMLInputElement} */ (one).value) ?? 0);
    const sum = counts.reduce((all, one) => all + one, 0);
    line.textContent = inspected ? `${sum} / ${inspected} = ${((100 * sum) / inspected).toFixed(2)} %` : "";
  }

  /** @param {SubmitEvent} event */
  async onSubmit(event) {
    event.preventDefault();
    if (this.next.disabled) return;
    this.save();
    const words = this.next.textContent;
    this.next.disabled = true;
    this.next.textContent = this.word("Sending");
    try {
      await this.send();
    } catch {
      this.show("[data-offline]");
      this.next.disabled = false;
      this.next.textContent = words;
    }
  }

  async send() {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) body.append(name, String(value));
    const response = await fetch(this.form.action, { method: "POST", body, credentials: "same-origin" });
    if (response.redirected) { location.href = response.url; return; }
    if (response.status !== 422 && response.status !== 409) throw new Error(String(response.status));
    const answer = new DOMParser().parseFromString(await response.text(), "text/html");
    const page = answer.getElementById("capture-page");
    if (!page) throw new Error("no form");
    this.page.replaceWith(page);
    begin();
    // The charts module draws what has come new onto the page.
    document.dispatchEvent(new Event("htmx:load"));
  }
}

function begin() {
  const form = document.getElementById("capture");
  if (form instanceof HTMLFormElement) new Capture(form).start();
  const sent = document.querySelector("[data-capture-sent]");
  if (sent instanceof HTMLElement) {
    const name = sent.dataset.captureSent ?? "";
    if (draftOf(name)?.key === sent.dataset.key) keep(name, null);
  }
}

begin();
