/** Dropping a file: the zone hands it to its file field, which the form sends. */

for (const zone of document.querySelectorAll("[data-drop]")) {
  const field = /** @type {HTMLInputElement} */ (zone.querySelector('input[type="file"]'));
  /** @param {boolean} isOver */
  const light = (isOver) => zone.classList.toggle("drop-zone--over", isOver);
  zone.addEventListener("dragover", (event) => { event.preventDefault(); light(true); });
  zone.addEventListener("dragleave", () => light(false));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    light(false);
    const files = /** @type {DragEvent} */ (event).dataTransfer?.files;
    if (files?.length) field.files = files;
  });
}
