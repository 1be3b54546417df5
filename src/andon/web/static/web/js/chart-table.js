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
 * @param {any} spec
 * @param {Record<string, unknown>[]} rows
 * @returns {[string, string][]} column and heading; usermeta.columns chooses and names them
 */
function columnsOf(spec, rows) {
  const named = spec.usermeta?.columns;
  return named ? Object.entries(named) : Object.keys(rows[0] ?? {}).map((name) => [name, name]);
}

/**
 * @param {any} spec
 * @returns {{headings: string[], rows: unknown[][]}} the table that the picture states as its twin
 *   in usermeta.table; else the columns of its largest data set
 */
function tableOf(spec) {
  const twin = spec.usermeta?.table;
  if (twin) return { headings: twin.headers, rows: twin.rows.slice(0, MOST_ROWS) };
  const rows = rowsBehind(spec).slice(0, MOST_ROWS);
  const columns = columnsOf(spec, rows);
  return {
    headings: columns.map(([, heading]) => heading),
    rows: rows.map((row) => columns.map(([name]) => row[name])),
  };
}

/** @param {unknown} value */
function words(value) {
  if (value === null || value === undefined || value === false) return "–";
  return value === true ? "✓" : String(value);
}

/**
 * @param {string} tag
 * @param {unknown} value
 * @param {boolean} isNumber
 */
function cell(tag, value, isNumber) {
  const made = document.createElement(tag);
  if (tag === "th") made.setAttribute("scope", "col");
  if (isNumber) made.className = "number";
  made.textContent = words(value);
  return made;
}

/**
 * @param {string} tag
 * @param {unknown[]} values
 * @param {boolean[]} numbers
 */
function line(tag, values, numbers) {
  const row = document.createElement("tr");
  row.append(...values.map((value, i) => cell(tag, value, numbers[i])));
  return row;
}

/**
 * Fills the table whenever it is opened, and at once where it stands open.
 * @param {HTMLElement} figure
 * @param {any} spec
 */
export function dataTable(figure, spec) {
  const details = /** @type {HTMLDetailsElement | null} */ (figure.querySelector(".chart-data"));
  if (!details) return;
  details.ontoggle = () => {
    if (details.open) fill(figure, spec);
  };
  if (details.open) fill(figure, spec);
}

/**
 * @param {HTMLElement} figure
 * @param {any} spec
 */
function fill(figure, spec) {
  const { headings, rows } = tableOf(spec);
  const numbers = headings.map((_heading, i) => rows.some((row) => typeof row[i] === "number"));
  const table = document.createElement("table");
  const head = document.createElement("thead");
  const body = document.createElement("tbody");
  head.append(line("th", headings, numbers));
  body.append(...rows.map((row) => line("td", row, numbers)));
  table.append(head, body);
  figure.querySelector(".chart-data-table")?.replaceChildren(table);
}
