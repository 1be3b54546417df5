/**
 * The page of a control chart: a click on a point opens what can be done about it. The table of
 * points that stand out has the same for the keyboard.
 */

const place = /** @type {HTMLElement | null} */ (document.getElementById("point-place"));

document.addEventListener("andon:point", (event) => {
  const { datum } = /** @type {CustomEvent} */ (event).detail;
  if (!place || !datum.key) return;
  const address = `${place.dataset.pointUrl}?subgroup=${encodeURIComponent(datum.key)}`;
  /** @type {any} */ (window).htmx.ajax("GET", address, { target: "#point-place" });
});

// What is done on a point returns to the part of the chart that was looked at.
document.addEventListener("htmx:afterSwap", () => {
  for (const field of document.querySelectorAll('#point-place input[name="back"]')) {
    /** @type {HTMLInputElement} */ (field).value = location.search.slice(1);
  }
});
