/**
 * Dialogs, drawers and menus.
 * A button with data-dialog-open="ID" opens the <dialog> of that id, data-dialog-close closes the one
 * it is in; a dialog that htmx brings with data-dialog-auto opens by itself and is removed when closed.
 */

/** @type {WeakMap<HTMLDialogElement, Element | null>} */
const openers = new WeakMap();

/**
 * @param {HTMLDialogElement} dialog
 * @param {Element | null} opener gets the focus back
 */
export function openDialog(dialog, opener = document.activeElement) {
  if (dialog.open) return;
  openers.set(dialog, opener);
  dialog.showModal();
}

/** @param {HTMLDialogElement} dialog */
function returnFocus(dialog) {
  const opener = openers.get(dialog);
  const again = opener?.isConnected ? opener : opener?.id ? document.getElementById(opener.id) : null;
  if (again instanceof HTMLElement) again.focus();
}

document.addEventListener("click", (event) => {
  const target = /** @type {Element} */ (event.target);
  const opener = target.closest("[data-dialog-open]");
  const named = opener && document.getElementById(opener.getAttribute("data-dialog-open") ?? "");
  if (named instanceof HTMLDialogElement) openDialog(named, opener);
  if (target.closest("[data-dialog-close]")) target.closest("dialog")?.close();
  if (target instanceof HTMLDialogElement && target.open && isOutside(event, target)) target.close();
  closeMenus(target);
});

/**
 * @param {MouseEvent} event
 * @param {HTMLDialogElement} dialog
 */
function isOutside(event, dialog) {
  const box = dialog.getBoundingClientRect();
  const isPointer = event.clientX !== 0 || event.clientY !== 0;
  const isBeside = event.clientX < box.left || event.clientX > box.right;
  return isPointer && (isBeside || event.clientY < box.top || event.clientY > box.bottom);
}

/** @param {Element | null} except the menu that holds this element stays open */
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    const isKept = except && menu.contains(except) && !except.closest("[data-dialog-open]");
    if (!isKept) menu.removeAttribute("open");
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  closeMenus(null);
  menu?.querySelector("summary")?.focus();
});

document.addEventListener(
  "close",
  (event) => {
    const dialog = event.target;
    if (!(dialog instanceof HTMLDialogElement)) return;
    returnFocus(dialog);
    if ("dialogAuto" in dialog.dataset) dialog.remove();
  },
  true,
);

/** @param {ParentNode} root */
function openByThemselves(root) {
  for (const dialog of root.querySelectorAll("dialog[data-dialog-auto]:not([open])")) {
    openDialog(/** @type {HTMLDialogElement} */ (dialog));
  }
}

document.addEventListener("htmx:load", () => openByThemselves(document));
openByThemselves(document);
