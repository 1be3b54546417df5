/** The one module every page loads: it brings the parts to life that are on the page. */
import "./theme.js";
import "./toast.js";
import "./dialog.js";
import "./keys.js";
import "./htmx-setup.js";
import "./charts.js";
