/**
 * Keyboard shortcuts of single letters, off inside fields (a barcode scanner is a fast keyboard) and
 * off altogether when the switch in the list of shortcuts says so (WCAG 2.1.4).
 */
import { openDialog } from "./dialog.js";

const STORE = "andon.keys";
const SEQUENCE_MS = 1200;
const ROWS = "[data-row]";

let goUntil = 0;

/** @returns {boolean} */
function isOn() {
  try {
    return localStorage.getItem(STORE) !== "off";
  } catch {
    return true;
  }
}

/** @param {EventTarget | null} target */
function isField(target) {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;
}

/** @param {number} step 1 for the next row, -1 for the one before */
function moveRow(step) {
  const rows = [...document.querySelectorAll(ROWS)];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step;
  const row = rows[Math.min(rows.length - 1, Math.max(0, next))];
  const goal = row?.matches("a, [tabindex]") ? row : row?.querySelector("a[href], button");
  if (goal instanceof HTMLElement) {
    goal.focus();
    row.scrollIntoView({ block: "nearest" });
  }
}

/** @param {string} key */
function go(key) {
  const link = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (link instanceof HTMLAnchorElement) link.click();
}

function makeNew() {
  const button = document.querySelector("[data-new]");
  if (button instanceof HTMLElement) {
    button.click();
    button.focus();
  }
}

/** @type {Record<string, () => void>} */
const ACTIONS = {
  "/": () => document.getElementById("search")?.focus(),
  "?": () => openDialog(/** @type {HTMLDialogElement} */ (document.getElementById("shortcuts"))),
  g: () => { goUntil = Date.now() + SEQUENCE_MS; },
  n: makeNew,
  j: () => moveRow(1),
  k: () => moveRow(-1),
};

/** @param {KeyboardEvent} event */
function submits(event) {
  const isSending = event.key === "Enter" && (event.ctrlKey || event.metaKey);
  const form = isSending && event.target instanceof Element ? event.target.closest("form") : null;
  form?.requestSubmit();
  return form !== null;
}

document.addEventListener("keydown", (event) => {
  if (submits(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!isOn() || isField(event.target) || document.querySelector("dialog[open]")) return;
  if (Date.now() < goUntil) {
    goUntil = 0;
    go(event.key);
    return;
  }
  const action = ACTIONS[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

for (const box of document.querySelectorAll("[data-keys-switch]")) {
  const check = /** @type {HTMLInputElement} */ (box);
  check.checked = isOn();
  check.addEventListener("change", () => {
    try {
      localStorage.setItem(STORE, check.checked ? "on" : "off");
    } catch {
      // Storage is refused: the shortcuts stay as they are.
    }
  });
}
