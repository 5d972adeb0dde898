// How many messages are unread in all of the visitor's conversations: on the button, and in its name.

import badge from "./badge.css";
import { h } from "./dom";
import type { Home } from "./home";

/** Shows it. `unread` are those of the conversation that is shown. */
export function tally({ config, say, others }: Home, unread: number): void {
  const count = unread + others;
  config.unread(count, count ? say("unread", count) : "");
  const root = document.querySelector("porchlight-button")?.shadowRoot;
  const button = root?.querySelector("button");
  if (!button) return;
  let sign = button.querySelector("b");
  if (!sign) {
    if (!count) return;
    button.append((sign = h("b")));
    config.look.style(root!, badge);
  }
  sign.hidden = !count;
  sign.textContent = String(count);
}
