// The quote of the message that another one answers.

import type { Entry } from "./entry";
import { h } from "./dom";
import type { Say } from "./say";

/** Puts a quote of message `of` above the bubble of `entry`. The quote changes with that message, and a click leads to it. */
export function quote(entry: Entry, of: Entry, say: Say): void {
  const text = h("span", { dir: "auto" });
  const abridge = () => (text.textContent = [...(of.text ?? of.body.textContent!)].slice(0, 80).join(""));
  const show = async () => {
    if (of.node.closest(".early")) (await import("./early")).reach(of.node);
    of.node.tabIndex = -1;
    of.node.focus(); // the browser scrolls to the focus
  };
  new MutationObserver(abridge).observe(of.body, { childList: true, subtree: true });
  abridge();
  entry.body.before(h("button.quote", { onclick: show }, h("small", {}, say("quote", of.name)), text));
}
