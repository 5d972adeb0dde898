// What not every visitor needs; the panel fetches it when it is first used.

import css from "./extras.css";
import type { Look } from "./look";

export { cover } from "./drop";
export { edit } from "./edit";
export { askEnd } from "./end";
export { showFile } from "./file";
export { newMail } from "./mail";
export { quote } from "./quote";
export { react } from "./react";
export { newUpload } from "./upload";

/** Gives the panel the styles of what is here, once. */
export function dress(panel: HTMLElement, look: Look): void {
  const root = panel.shadowRoot!;
  if (root.adoptedStyleSheets.length < 2) look.style(root, css);
}
