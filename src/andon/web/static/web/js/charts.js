/**
 * Charts: draws each <figure data-chart> with Vega under the strict security policy.
 *
 * The figure holds a compiled Vega specification in a JSON block. Its data come from data-url as
 * {"data set": {"column": [values]}} or stand in the specification. A colour in the specification
 * that equals a --chart-* token's light value is drawn in the value it has in the theme of now, so
 * that one specification serves paper, light and dark. A click on a mark gives the event
 * "andon:point" on the figure, with the mark's datum and the pointer's place.
 */
import { dataTable } from "./chart-table.js";
import { themed, themeConfig } from "./chart-theme.js";

/** @typedef {Record<string, unknown[]>} Columns */

/** @type {Map<HTMLElement, {finalize(): void, view: any}>} */
const drawn = new Map();

/** @type {Promise<unknown> | undefined} */
let vega;

/** Loads Vega once, and only where there is a chart. */
function loadVega() {
  vega ??= import("../vendor/vega.js");
  return vega;
}

/** Refuses every address: a specification never fetches anything by itself. */
const REFUSING_LOADER = {
  load: () => Promise.reject(new Error("Charts load no addresses.")),
  sanitize: () => Promise.reject(new Error("Charts load no addresses.")),
  http: () => Promise.reject(new Error("Charts load no addresses.")),
  file: () => Promise.reject(new Error("Charts load no addresses.")),
};

/** @param {Columns} columns */
export function rowsOf(columns) {
  const names = Object.keys(columns);
  const count = Math.max(0, ...names.map((name) => columns[name].length));
  return Array.from({ length: count }, (_unused, i) =>
    Object.fromEntries(names.map((name) => [name, columns[name][i]])),
  );
}

/**
 * @param {string} url
 * @returns {Promise<Record<string, Columns>>}
 */
async function fetchColumns(url) {
  const response = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.json();
}

/**
 * @param {any} spec
 * @param {Record<string, Columns>} sets
 */
function withData(spec, sets) {
  const data = (spec.data ?? []).map((/** @type {any} */ entry) =>
    entry.name in sets ? { ...entry, values: rowsOf(sets[entry.name]) } : entry,
  );
  return { ...spec, data };
}

/** @param {HTMLElement} figure */
async function setsOf(figure) {
  const url = figure.dataset.url;
  return url ? fetchColumns(url) : {};
}

/**
 * @param {HTMLElement} figure
 * @param {any} spec
 */
async function draw(figure, spec) {
  const picture = /** @type {HTMLElement} */ (figure.querySelector(".chart-picture"));
  await loadVega();
  drawn.get(figure)?.finalize();
  const result = await /** @type {any} */ (window).vegaEmbed(picture, themed(spec), {
    mode: "vega",
    ast: true,
    actions: false,
    defaultStyle: false,
    tooltip: { disableDefaultStyle: true },
    renderer: "svg",
    loader: REFUSING_LOADER,
    config: themeConfig(),
  });
  drawn.set(figure, result);
  result.view.addEventListener("click", (/** @type {MouseEvent} */ event, /** @type {any} */ item) => {
    if (item?.datum) tell(figure, item.datum, event);
  });
}

/**
 * @param {HTMLElement} figure
 * @param {any} datum
 * @param {MouseEvent} event
 */
function tell(figure, datum, event) {
  const plain = JSON.parse(JSON.stringify(datum));
  const detail = { chart: figure.id, datum: plain, x: event.clientX, y: event.clientY };
  figure.dispatchEvent(new CustomEvent("andon:point", { detail, bubbles: true }));
}

/** @param {HTMLElement} figure */
async function start(figure) {
  figure.dataset.drawn = "pending";
  try {
    const block = figure.querySelector('script[type="application/json"]');
    const spec = withData(JSON.parse(block?.textContent ?? "{}"), await setsOf(figure));
    specs.set(figure, spec);
    await draw(figure, spec);
    dataTable(figure, spec);
    figure.dataset.drawn = "yes";
  } catch (error) {
    console.error(error);
    figure.dataset.drawn = "failed";
    const picture = /** @type {HTMLElement} */ (figure.querySelector(".chart-picture"));
    picture.classList.add("chart-problem");
    picture.textContent = figure.dataset.failed ?? "";
  }
}

/** @type {Map<HTMLElement, any>} */
const specs = new Map();

/**
 * Fetches a figure's data again, for example after its data-url changed, and redraws it.
 * @param {HTMLElement} figure
 */
export function refresh(figure) {
  return start(figure);
}

function startAll() {
  for (const figure of specs.keys()) if (!figure.isConnected) forget(figure);
  for (const figure of document.querySelectorAll("[data-chart]:not([data-drawn])")) {
    start(/** @type {HTMLElement} */ (figure));
  }
}

/** @param {HTMLElement} figure that a swap has removed */
function forget(figure) {
  drawn.get(figure)?.finalize();
  drawn.delete(figure);
  specs.delete(figure);
}

document.addEventListener("htmx:load", startAll);
document.addEventListener("andon:theme", () => {
  for (const [figure, spec] of specs) draw(figure, spec);
});
startAll();
