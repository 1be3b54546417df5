/** Light, dark or as the device: chosen in the account menu, remembered in this browser. */

const KEY = "andon.theme";

/** @param {string} choice "light", "dark" or "" for the device's own */
export function chooseTheme(choice) {
  if (choice) document.documentElement.dataset.theme = choice;
  else delete document.documentElement.dataset.theme;
  try {
    if (choice) localStorage.setItem(KEY, choice);
    else localStorage.removeItem(KEY);
  } catch {
    // Storage is refused: the choice holds until the page is left.
  }
  document.dispatchEvent(new CustomEvent("andon:theme"));
  showChoice();
}

function showChoice() {
  const now = document.documentElement.dataset.theme ?? "";
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.getAttribute("data-theme-choice") === now));
  }
}

document.addEventListener("click", (event) => {
  const button = /** @type {Element} */ (event.target).closest("[data-theme-choice]");
  if (button) chooseTheme(button.getAttribute("data-theme-choice") ?? "");
});

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  document.dispatchEvent(new CustomEvent("andon:theme"));
});

showChoice();
