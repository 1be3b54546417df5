/** Toasts: short messages at the edge; errors stay until they are dismissed. */

const STAYS_MS = 8000;

/** @returns {HTMLElement} */
function place() {
  return /** @type {HTMLElement} */ (document.getElementById("toasts"));
}

/**
 * @param {string} text
 * @param {"" | "ok" | "attention" | "problem"} kind
 */
export function toast(text, kind = "") {
  const box = document.createElement("div");
  box.className = kind ? `toast toast--${kind}` : "toast";
  const words = document.createElement("p");
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.dataset.toastClose = "";
  close.setAttribute("aria-label", place().dataset.close ?? "");
  close.textContent = "✕";
  box.append(words, close);
  place().append(box);
  leaveInTime(box);
}

/** @param {string} text said by screen readers, shown to nobody */
export function announce(text) {
  const live = document.getElementById("live");
  if (live) live.textContent = text;
}

/** @param {Element} box */
function leaveInTime(box) {
  if (!box.classList.contains("toast--problem")) setTimeout(() => box.remove(), STAYS_MS);
}

document.addEventListener("click", (event) => {
  const target = /** @type {Element} */ (event.target);
  if (target.closest("[data-toast-close]")) target.closest(".toast")?.remove();
});

// The server may ask for a toast: HX-Trigger: {"andon:toast": {"text": "...", "kind": "ok"}}
document.addEventListener("andon:toast", (event) => {
  const { text, kind } = /** @type {CustomEvent} */ (event).detail;
  toast(text, kind);
});

for (const box of document.querySelectorAll(".toast")) leaveInTime(box);
