// One message on the screen: its author, the bubble, the reactions, and the line below.

import { h } from "./dom";

export interface Entry {
  name: string;
  node: HTMLElement;
  body: HTMLElement;
  meta: HTMLElement;
  /** The emoji of each operator, by name, and where they are shown. There are none before the first. */
  reactions?: Map<string, string[]>;
  chips?: HTMLElement;
  /** The number of its event in the log; a message that is not stored yet has none. */
  seq?: number;
  /** The event up to which a receipt must reach to count for it: its own, or that of its last edit. 0 while either is under way. */
  upto?: number;
  /** The `upto` before an edit got under way. */
  was?: number;
  /** The text that the service has; a file or a deleted message has none. */
  text?: string;
  /** The mark that stands behind that text. */
  mark?: string;
}

/** Makes an entry without content. Screen readers read `name` out with it. */
export function newEntry(me: boolean, name: string): Entry {
  const body = h("p", { dir: "auto" });
  const meta = h("div.meta");
  const who = me ? "" : h("div.who", { ariaHidden: "true" }, name);
  const node = h(`div.entry.${me ? "me" : "them"}`, {}, h("span.hide", {}, name + ": "), who, body, meta);
  return { name, node, body, meta };
}

/** Makes a text whose web addresses become links as soon as the part that finds them is there. */
export function linked(text: string): Text {
  const node = new Text(text);
  if (/:\/\/|www\./i.test(text)) import("./links").then(({ linkify }) => linkify(node), () => {});
  return node;
}

/** Fills the bubble with a text, and puts a mark behind it, which a text that turns the writing does not turn. */
export function write({ body }: Entry, text: string, mark = ""): void {
  body.replaceChildren(linked(text), mark && h("small", { dir: "auto" }, mark));
}
