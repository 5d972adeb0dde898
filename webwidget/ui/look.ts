// What the button and the panel share; the button's script hands it to the panel, so that it travels once.

import css from "./look.css";

const paths = {
  rays: "M16 2v2.5M6.5 5.9l1.8 1.8M25.5 5.9l-1.8 1.8M2.8 15h2.5M29.2 15h-2.5",
  glass: "M16 7.5a7.5 7.5 0 0 0-4.4 13.6c.9.6 1.4 1.6 1.4 2.7v.2h6v-.2c0-1.1.5-2.1 1.4-2.7A7.5 7.5 0 0 0 16 7.5z",
  base: "M13.2 27h5.6M14.5 30h3",
};

export interface Look {
  bulb(): Element;
  /** Gives the element a shadow root with constructed style sheets, which no `style-src` forbids. */
  dress(host: HTMLElement, css: string, content: Element): void;
}

/** Draws the bulb; the style sheet lights it when an ancestor has the class `lit`. */
function bulb(): Element {
  const make = (tag: string, attributes: Record<string, string>) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const key in attributes) element.setAttribute(key, attributes[key]!);
    return element;
  };
  const svg = make("svg", { viewBox: "0 0 32 32", "aria-hidden": "true" });
  svg.append(...Object.entries(paths).map(([name, d]) => make("path", { class: name, d })));
  return svg;
}

function dress(host: HTMLElement, own: string, content: Element): void {
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css + own);
  root.adoptedStyleSheets = [sheet];
  root.append(content);
}

export const look: Look = { bulb, dress };
