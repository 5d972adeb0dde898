// Files that are dragged over the panel.

import { h } from "./dom";
import type { Say } from "./say";

/** Covers `chat`, which fills the panel, as long as the visitor drags files over it. */
export function cover(say: Say, chat: HTMLElement): void {
  if (chat.querySelector(".drop")) return;
  const node = h("div.drop", {}, say("drop"));
  // No pointer moves while something is dragged. If one moves, the browser did not report the end of the dragging.
  node.ondragleave = node.ondrop = node.onpointermove = () => node.remove();
  chat.append(node);
}
