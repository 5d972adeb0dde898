// A text in a bubble.

import { h } from "./dom";

export type Content = (Node | string)[];

/** A link that tells the other side nothing. */
export const anchor = (href: string, ...content: Content) => h("a", { href, target: "_blank", rel: "noopener noreferrer nofollow" }, ...content);

/** The text with its web addresses as links. */
export function linked(text: string): Content {
  return text.split(/(https?:\/\/[^\s<>"]*[^\s<>"'.,;:!?)\]])/).map((part, i) => (i % 2 ? anchor(part, part) : part));
}
