// The drawing that the button and the panel share. The button's script hands it to the panel, so that it travels once.

import css from "./look.css";

const paths = {
  rays: "M16 2v2.5M6.5 5.9l1.8 1.8M25.5 5.9l-1.8 1.8M2.8 15h2.5M29.2 15h-2.5",
  glass: "M16 7.5a7.5 7.5 0 0 0-4.4 13.6c.9.6 1.4 1.6 1.4 2.7v.2h6v-.2c0-1.1.5-2.1 1.4-2.7A7.5 7.5 0 0 0 16 7.5z",
  base: "M13.2 27h5.6M14.5 30h3",
};

export interface Look {
  bulb(): Element;
  /**
   * Makes the element `name`, with a shadow root and constructed style sheets, which no `style-src` forbids. Once the
   * element is in the page it stays there, even when a framework swaps the body.
   */
  host(name: string, css: string, content: Element): HTMLElement;
  /** Adds styles. */
  style(root: ShadowRoot, css: string): void;
}

/** Makes an element of HTML or, for the tags of the drawing, of SVG. */
export function make(tag: string, attributes: Record<string, string>, ...children: Element[]): HTMLElement {
  const drawn = /svg|path/.test(tag) ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  const element = drawn as HTMLElement;
  for (const key in attributes) element.setAttribute(key, attributes[key]!);
  element.append(...children);
  return element;
}

/** Draws the bulb; the style sheet lights it when an ancestor has the class `lit`. */
const bulb = () =>
  make("svg", { viewBox: "0 0 32 32", "aria-hidden": "true" }, ...Object.entries(paths).map(([name, d]) => make("path", { class: name, d })));

function host(name: string, own: string, content: Element): HTMLElement {
  class Host extends HTMLElement {
    disconnectedCallback(): void {
      queueMicrotask(() => this.isConnected || document.body.append(this));
    }
  }
  if (!customElements.get(name)) customElements.define(name, Host);
  const element = document.createElement(name);
  const root = element.attachShadow({ mode: "open" });
  style(root, css + own);
  root.append(content);
  return element;
}

function style(root: ShadowRoot, css: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets.push(sheet);
}

export const look: Look = { bulb, host, style };
