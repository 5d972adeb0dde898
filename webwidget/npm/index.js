// Loads the widget from the service, whose scripts it is made of: this package holds only what puts their tag into the page.

/** The calls that tell an option which has changed since the tag was made. */
const calls = { user: "setUser", attributes: "setAttributes", department: "setDepartment", language: "setLanguage", scheme: "setScheme" };

/** The options that the widget knows. There is one widget in a page. */
let last;

export function load(options) {
  if (typeof document === "undefined") return methods(() => new Promise(() => {})); // on a server there is no widget
  if (typeof window.porchlight !== "function") // it may be an element that has this id
    window.porchlight = (...call) => new Promise((...done) => (window.porchlight.q ??= []).push([call, ...done]));
  last ??= place(options);
  tell(options);
  last = options;
  return methods((...call) => window.porchlight(...call));
}

/** The calls as methods, before the widget is there, too. What has these methods is taken for a promise, by Vue for one. */
const methods = (call) => new Proxy(call, { get: (_, name) => (/^(then|catch|finally)$/.test(String(name)) ? undefined : call.bind(null, name)) });

/** Makes the tag, unless the page has one. Returns the options that the tag tells. */
function place({ service, hidden, user, attributes, ...more }) {
  const script = document.createElement("script");
  script.src = service.replace(/\/*$/, "/widget.js");
  script.async = true;
  if ([...document.scripts].some(({ src }) => src === script.src)) return {};
  const identity = user?.identity;
  const data = { ...attributes, ...more, identity, hidden: hidden ? "" : undefined };
  for (const [key, value] of Object.entries(data)) if (value !== undefined && value !== null) script.dataset[key] = value;
  document.head.append(script);
  return { hidden, attributes, ...more, user: identity && user };
}

/** Tells the widget what has changed. */
function tell(options) {
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  if (!options.hidden !== !last.hidden) window.porchlight(options.hidden ? "hide" : "show");
  const out = last.user && !options.user;
  if (out) window.porchlight("reset"); // the attributes, too
  const gone = Object.fromEntries(Object.keys(last.attributes ?? {}).map((name) => [name, null]));
  for (const [key, call] of Object.entries(calls)) {
    if (same(options[key] || undefined, last[key] || undefined) && !(out && key === "attributes")) continue;
    if (key === "attributes") window.porchlight(call, { ...gone, ...options[key] });
    else if (options[key] || key === "department") window.porchlight(call, options[key] || "");
  }
}
