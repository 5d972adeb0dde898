// The chat in a place of the page's own: `<porchlight-chat></porchlight-chat>`. Fetched on pages with such an element.

import type { Config } from "./config";
import css from "./inline.css";
import type { Panel } from "./panel";

const dressed = new WeakSet<Node>();

/** Shows the panel in a place. The first place on a page makes it; when a framework swaps the place, the panel goes into the next one. */
export async function inlay(place: HTMLElement, config: Config, load: () => Promise<Panel>): Promise<void> {
  config.page = config.inline = true;
  const { node } = await load();
  if (!node.hasAttribute("inline")) return; // somebody has opened the panel before there was a place
  if (!dressed.has(node)) config.look.style(node.shadowRoot!, css);
  dressed.add(node);
  if (place.isConnected) place.append(node);
}
