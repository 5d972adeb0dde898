// The links of texts. Only a text that seems to have a web address fetches this module.

import { addresses } from "./address";
import { anchor } from "./anchor";

/** Makes links of the web addresses in a text, unless another text has taken its place. */
export function linkify(text: Text): void {
  text.replaceWith(...addresses(text.data).map((piece, i) => (i % 2 && piece ? anchor(/^w/i.test(piece) ? "http://" + piece : piece, piece) : piece)));
}
