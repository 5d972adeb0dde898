// One message on the screen: who, the bubble, reactions, and what stands below.

import { h } from "./dom";
import type { Say } from "./strings";
import type { Ev } from "./types";

type Content = (Node | string)[];

export interface Entry {
  name: string;
  node: HTMLElement;
  body: HTMLElement;
  chips: HTMLElement;
  meta: HTMLElement;
  /** The bubble in plain words, and the quotes that show them. */
  brief: string;
  quotes: HTMLElement[];
  /** Its place in the log; a message not stored yet has none. */
  seq?: number;
  /** How far the log must be proved for it: the last edit counts. 0 while something is under way. */
  upto?: number;
  /** The text the service has; none of a file or of what was deleted. */
  text?: string;
  /** Takes back the last edit. */
  undo?(): void;
}

/** Makes an entry without content; `name` is read out with it. */
export function newEntry(me: boolean, name: string): Entry {
  const body = h("p", { dir: "auto" });
  const chips = h("div.chips");
  const meta = h("div.meta");
  const who = me ? "" : h("div.who", { ariaHidden: "true" }, name);
  const node = h(`div.entry.${me ? "me" : "them"}`, {}, h("span.hide", {}, name + ": "), who, body, chips, meta);
  return { name, node, body, chips, meta, brief: "", quotes: [] };
}

/** Fills the bubble; `brief` is the same in plain words. */
export function fill(entry: Entry, brief: string, ...content: Content): void {
  entry.body.replaceChildren(...content);
  entry.brief = brief;
  for (const q of entry.quotes) abridge(q, entry);
}

const abridge = (quote: HTMLElement, { brief }: Entry) => (quote.textContent = [...brief].slice(0, 80).join(""));

/** Puts a quote of another message above the bubble; it changes with that message, and leads there. */
export function quote(entry: Entry, of: Entry, say: Say): void {
  const text = h("span");
  const show = () => {
    of.node.tabIndex = -1;
    of.node.focus(); // which scrolls there
  };
  of.quotes.push(text);
  abridge(text, of);
  entry.body.before(h("button.quote", { onclick: show }, h("small", {}, say("quote", of.name)), text));
}

/** Shows an operator's reactions in place of those they had. */
export function react({ chips }: Entry, { name = "", text }: Ev): void {
  for (const chip of chips.children) if ((chip as HTMLElement).title === name) chip.remove();
  if (text) chips.append(h("span", { title: name }, h("span.hide", {}, name + ": "), text));
}

/** The time as the browser's owner is used to read it. */
export function clock(at: Date): string {
  const today = at.toDateString() === new Date().toDateString();
  return at.toLocaleString([], { timeStyle: "short", dateStyle: today ? undefined : "medium" });
}
