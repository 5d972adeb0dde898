// What a message answers.

import type { Entry } from "./entry";
import { h } from "./taken";
import type { Say } from "./strings";

/** Puts a quote of another message above the bubble; it changes with that message, and leads there. */
export function quote(entry: Entry, of: Entry, say: Say): void {
  const text = h("span", { dir: "auto" });
  const abridge = () => (text.textContent = [...of.brief].slice(0, 80).join(""));
  const show = () => {
    of.node.tabIndex = -1;
    of.node.focus(); // which scrolls there
  };
  of.watchers.push(abridge);
  abridge();
  entry.body.before(h("button.quote", { onclick: show }, h("small", {}, say("quote", of.name)), text));
}
