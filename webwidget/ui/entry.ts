// One message on the screen: who, the bubble, reactions, and what stands below.

import { linked, type Content } from "./bubble";
import { h } from "./dom";

export interface Entry {
  name: string;
  node: HTMLElement;
  body: HTMLElement;
  chips: HTMLElement;
  meta: HTMLElement;
  /** The bubble in plain words, and who is told when they change. */
  brief: string;
  watchers: (() => void)[];
  /** The emoji of each operator, by name. */
  reactions: Map<string, string[]>;
  /** Its place in the log; a message not stored yet has none. */
  seq?: number;
  /** How far the log must be proved for it: the last edit counts. 0 while something is under way. */
  upto?: number;
  /** What `upto` was before that. */
  was?: number;
  /** The text the service has; none of a file or of what was deleted. */
  text?: string;
  /** What stands behind that text. */
  mark?: string;
}

/** Makes an entry without content; `name` is read out with it. */
export function newEntry(me: boolean, name: string): Entry {
  const body = h("p", { dir: "auto" });
  const chips = h("div.chips");
  const meta = h("div.meta");
  const who = me ? "" : h("div.who", { ariaHidden: "true" }, name);
  const node = h(`div.entry.${me ? "me" : "them"}`, {}, h("span.hide", {}, name + ": "), who, body, chips, meta);
  return { name, node, body, chips, meta, brief: "", watchers: [], reactions: new Map() };
}

/** Fills the bubble; `brief` is the same in plain words. */
export function fill(entry: Entry, brief: string, ...content: Content): void {
  entry.body.replaceChildren(...content);
  entry.brief = brief;
  for (const tell of entry.watchers) tell();
}

/** Fills the bubble with a text and what stands behind it. */
export function write(entry: Entry, text: string, mark = ""): void {
  fill(entry, text, ...linked(text), mark && h("small", {}, mark));
}

/** The time as the browser's owner is used to read it. */
export function clock(at: Date): string {
  const today = at.toDateString() === new Date().toDateString();
  return at.toLocaleString([], { timeStyle: "short", dateStyle: today ? undefined : "medium" });
}
