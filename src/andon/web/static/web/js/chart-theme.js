/** Colours of charts: the --chart-* tokens in the theme of now. */

const TOKENS = [
  "line", "point", "band", "center", "limit", "grid", "text", "ink", "specification", "mark", "good",
  "watched", "attention", "before", "after", "bar",
];

/**
 * @param {string} name of the token after --chart-
 * @param {"" | "light"} scheme "" is the theme of now
 * @returns {string} as #rrggbb
 */
function tokenColour(name, scheme) {
  const probe = document.createElement("span");
  probe.style.setProperty("color", `var(--chart-${name})`);
  if (scheme) probe.style.setProperty("color-scheme", scheme);
  document.body.append(probe);
  const parts = getComputedStyle(probe).color.match(/[\d.]+/g) ?? ["0", "0", "0"];
  probe.remove();
  return `#${parts.slice(0, 3).map((part) => Math.round(Number(part)).toString(16).padStart(2, "0")).join("")}`;
}

/** @returns {Map<string, string>} light value of a token -> its value now */
function palette() {
  return new Map(TOKENS.map((name) => [tokenColour(name, "light"), tokenColour(name, "")]));
}

/**
 * @param {any} spec
 * @returns {any} the same with every token's colour in the theme of now; data stay as they are
 */
export function themed(spec) {
  const colours = palette();
  /** @param {any} part @param {string} key @returns {any} */
  const walk = (part, key) => {
    if (key === "values") return part;
    if (typeof part === "string") return colours.get(part.toLowerCase()) ?? part;
    if (Array.isArray(part)) return part.map((item) => walk(item, ""));
    if (part && typeof part === "object") {
      return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, walk(value, name)]));
    }
    return part;
  };
  return { ...walk(spec, ""), marks: withoutAria(spec.marks ?? []).map((mark) => walk(mark, "")), background: null };
}

/**
 * The picture has one name, and its data table is what assistive technology reads.
 * @param {any[]} marks
 * @returns {any[]}
 */
function withoutAria(marks) {
  return marks.map((mark) => ({ ...mark, aria: false, ...(mark.marks && { marks: withoutAria(mark.marks) }) }));
}

/** @returns {any} Vega's configuration where the specification is silent */
export function themeConfig() {
  const text = tokenColour("text", "");
  const ink = tokenColour("ink", "");
  const line = tokenColour("grid", "");
  const font = getComputedStyle(document.body).fontFamily;
  const words = { labelColor: text, titleColor: text, labelFont: font, titleFont: font };
  return {
    background: null,
    font,
    axis: { ...words, gridColor: line, domainColor: line, tickColor: line },
    legend: words,
    title: { color: ink, font },
    text: { fill: text, font },
    view: { stroke: null },
  };
}
