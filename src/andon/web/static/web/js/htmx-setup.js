/** htmx: the CSRF header on every request that changes something, and words for what fails. */
import { announce, toast } from "./toast.js";

/** @returns {string} */
function token() {
  return document.querySelector('meta[name="csrf-token"]')?.getAttribute("content") ?? "";
}

/** @param {string} name of the data attribute that holds the translated words */
function say(name) {
  const words = document.getElementById("toasts")?.dataset[name];
  if (words) toast(words, "problem");
}

document.addEventListener("htmx:configRequest", (event) => {
  const { headers, verb } = /** @type {CustomEvent} */ (event).detail;
  if (verb !== "get") headers["X-CSRFToken"] = token();
});

document.addEventListener("htmx:responseError", (event) => {
  const { status } = /** @type {CustomEvent} */ (event).detail.xhr;
  say({ 403: "forbidden", 409: "conflict" }[status] ?? "failed");
});

document.addEventListener("htmx:sendError", () => say("offline"));
document.addEventListener("htmx:timeout", () => say("offline"));

// A swapped part may say what happened: data-announce="12 records found".
document.addEventListener("htmx:afterSwap", (event) => {
  const part = /** @type {Element} */ (event.target);
  const words = part.closest("[data-announce]") ?? part.querySelector("[data-announce]");
  if (words) announce(words.getAttribute("data-announce") ?? "");
});
