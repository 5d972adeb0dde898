// The chat in a place of the page's own: `<porchlight-chat></porchlight-chat>`. Fetched on pages with such an element.

import type { Config } from "./config";
import css from "./inline.css";
import type { Panel } from "./panel";

const dressed = new WeakSet<Node>();
const before = new WeakMap<Node, boolean>(); // whether the page had hidden the button before there was a place

/**
 * Shows the panel where it belongs now that a place has come or gone: in the page's first place, or else beside the button again.
 * `button` is the button's element; `hidden` tells whether the page had hidden it, if a place has come.
 */
export async function inlay(config: Config, button: HTMLElement, load: () => Promise<Panel>, hidden?: boolean): Promise<void> {
  const first = () => document.querySelector("porchlight-chat");
  if (hidden !== undefined && !config.inline) before.set(button, hidden);
  config.page = config.inline = !!first();
  if (!config.inline) button.hidden = !!before.get(button);
  const { node, open, toggle } = await load();
  const place = first() ?? document.documentElement;
  if (node.parentNode === place) return;
  const box = node.shadowRoot!.querySelector(".box")!;
  if (!dressed.has(node)) config.look.style(node.shadowRoot!, css);
  dressed.add(node);
  node.popover = null; // an element in the top layer is in no place
  for (const name of ["page", "inline"] as const) node.toggleAttribute(name, config[name]);
  box.role = config.inline ? "region" : "dialog";
  box.ariaModal = null;
  visualViewport!.dispatchEvent(new Event("resize")); // fits it to the window, or to the place
  const opened = node.hasAttribute("open");
  const focused = document.activeElement as HTMLElement | null;
  if (config.inline && !opened) open(); // what stands in a page takes no focus
  if (!config.inline && opened) {
    toggle(false);
    button.shadowRoot!.querySelector("button")!.blur();
    focused?.focus();
  }
  place.append(node);
}
