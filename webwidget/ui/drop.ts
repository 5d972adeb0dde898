// Files that are dragged over the panel.

import { h } from "./taken";
import type { Say } from "./strings";

/** Covers the panel as long as files are dragged over it; `chat` is what lies in it. */
export function cover(say: Say, chat: HTMLElement): void {
  if (chat.querySelector(".drop")) return;
  const node = h("div.drop", {}, say("drop"));
  // While something is dragged no pointer moves: one that does says that the end was missed.
  node.ondragleave = node.ondrop = node.onpointermove = () => node.remove();
  chat.append(node);
}
