// The drawing that all parts share.

import type { Frame } from "./host";
import css from "./look.css";

export interface Look {
  /** Makes the element `name` with what all elements look like, and styles of its own (see Frame). */
  host(name: string, css: string, content: Element): HTMLElement;
  /** Adds styles. */
  style(root: ShadowRoot, css: string): void;
}

const svg = (tag: string, attributes: Record<string, string>, ...children: Element[]): Element => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const key in attributes) element.setAttribute(key, attributes[key]!);
  element.append(...children);
  return element;
};
const path = (d: string, name = ""): Element => svg("path", { d, class: name });

/**
 * Draws an icon by its path, 32 wide and high, in the colour of the text around it; without a path a cross. Screen readers don't
 * know it, and it needs no font.
 */
export const icon = (d = "m10 10 12 12m0-12L10 22", ...more: Element[]): Element => svg("svg", { viewBox: "0 0 32 32", "aria-hidden": "true" }, path(d), ...more);

/** Draws the bulb; the style sheet lights it when an ancestor has the class `lit`. */
export const bulb = (): Element =>
  icon(
    "M13 27h6m-5 3h4",
    path("M16 2v2.5M6.5 6l2 2m17-2-2 2M3 15h2.5m21 0H29", "rays"),
    path("M13 24q0-2-1.4-3a7.5 7.5 0 1 1 8.8 0q-1.4 1-1.4 3z", "glass"),
  );

/** Fits styles to a browser that does not know `light-dark()` (Chrome before 123, Firefox before 120, Safari before 17.5): all is light there. */
export const lit = (css: string): string => (CSS.supports("color", "light-dark(red,red)") ? css : css.replace(/light-dark\((.*?),.*?\)/g, "$1"));

/** Makes elements that look like the widget, in the colour scheme of the settings or else in the page's. */
export function newLook({ host, style }: Frame, config: { scheme?: string }): Look {
  const dye = (root: ShadowRoot, css: string) => {
    const { scheme } = config;
    if (scheme) (root.host as HTMLElement).style.setProperty("--porchlight-scheme", scheme === "auto" ? "light dark" : scheme);
    style(root, lit(css));
  };
  return {
    style: dye,
    host(name, own, content) {
      const element = host(name, content);
      dye(element.shadowRoot!, css + own);
      return element;
    },
  };
}
