// A text in a bubble.

import { h } from "./dom";

export type Content = (Node | string)[];

/** Makes a link that does not tell the other side where the visitor came from. */
export const anchor = (href: string, ...content: Content) => h("a", { href, target: "_blank", rel: "noopener noreferrer nofollow" }, ...content);

/** Turns the web addresses in a text into links. */
export function linked(text: string): Content {
  return text.split(/(https?:\/\/[^\s<>"]*[^\s<>"'.,;:!?)\]])/).map((part, i) => (i % 2 ? anchor(part, part) : part));
}
