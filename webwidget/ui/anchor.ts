// A link in a text or to a file.

import { h } from "./dom";

/** Makes a link that does not tell the other side where the visitor came from. */
export const anchor = (href: string, ...content: (Node | string)[]) => h("a", { href, target: "_blank", rel: "noopener noreferrer nofollow" }, ...content);
