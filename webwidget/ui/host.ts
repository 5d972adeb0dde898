import css from "./host.css";

/** Makes our elements in a page. The loader hands it to the parts above, so that it travels once. */
export interface Frame {
  /**
   * Makes the element `name` with a shadow root. In the page it lies in the top layer, which nothing of the page covers or moves, and it stays there when a framework swaps the body. With the attribute `inline` it stands where it is put.
   */
  host(name: string, content: Element): HTMLElement;
  /** Adds styles by a constructed sheet, which no `style-src` forbids. */
  style(root: ShadowRoot, css: string): void;
}

function host(name: string, content: Element): HTMLElement {
  class Host extends HTMLElement {
    connectedCallback(): void {
      if (this.hasAttribute("inline")) return;
      this.popover = "manual";
      this.showPopover?.();
    }
    disconnectedCallback(): void {
      // Not at once: a page that takes our elements away whenever they come would stand still.
      setTimeout(() => this.isConnected || this.hasAttribute("inline") || document.documentElement.append(this));
    }
  }
  if (!customElements.get(name)) customElements.define(name, Host);
  const element = document.createElement(name);
  const root = element.attachShadow({ mode: "open" });
  style(root, css);
  root.append(content);
  return element;
}

function style(root: ShadowRoot, css: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets.push(sheet);
}

export const frame: Frame = { host, style };
