/** The data table behind a chart: what the picture shows, for readers and screen readers. */

const MOST_ROWS = 2000;

/**
 * @param {any} spec
 * @returns {Record<string, unknown>[]} rows of the largest data set that has rows
 */
function rowsBehind(spec) {
  const sets = (spec.data ?? []).map((/** @type {any} */ entry) => entry.values).filter(Array.isArray);
  return sets.sort((/** @type {any[]} */ a, /** @type {any[]} */ b) => b.length - a.length)[0] ?? [];
}

/**
 * @param {string} tag
 * @param {unknown} value
 */
function cell(tag, value) {
  const made = document.createElement(tag);
  if (tag === "th") made.setAttribute("scope", "col");
  if (typeof value === "number") made.className = "number";
  made.textContent = value === null || value === undefined ? "–" : String(value);
  return made;
}

/**
 * @param {string} tag
 * @param {unknown[]} values
 */
function line(tag, values) {
  const row = document.createElement("tr");
  row.append(...values.map((value) => cell(tag, value)));
  return row;
}

/**
 * Fills the table when it is opened for the first time.
 * @param {HTMLElement} figure
 * @param {any} spec
 */
export function dataTable(figure, spec) {
  const details = figure.querySelector(".chart-data");
  details?.addEventListener("toggle", () => fill(figure, rowsBehind(spec)), { once: true });
}

/**
 * @param {HTMLElement} figure
 * @param {Record<string, unknown>[]} rows
 */
function fill(figure, rows) {
  const place = figure.querySelector(".chart-data-table");
  const names = Object.keys(rows[0] ?? {});
  const table = document.createElement("table");
  const head = document.createElement("thead");
  const body = document.createElement("tbody");
  head.append(line("th", names));
  body.append(...rows.slice(0, MOST_ROWS).map((row) => line("td", names.map((name) => row[name]))));
  table.append(head, body);
  place?.replaceChildren(table);
}
