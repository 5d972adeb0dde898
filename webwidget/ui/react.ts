// Reactions to a message.

import type { Entry } from "./entry";
import { h } from "./dom";
import type { Ev } from "./wire";

/** Shows an operator's reactions in place of their earlier ones. Each emoji has one chip, which names those who chose it. */
export function react(entry: Entry, { name = "", text }: Ev): void {
  const reactions = (entry.reactions ??= new Map());
  const chips = (entry.chips ??= h("div.chips"));
  entry.meta.before(chips);
  reactions.set(name, text ? text.split(" ") : []);
  const kinds = new Set<string>([...reactions.values()].flat());
  const chip = (emoji: string) => {
    const names = [...reactions.keys()].filter((n) => reactions.get(n)!.includes(emoji));
    const who = names.join(", ");
    return h("span", { role: "img", title: who, ariaLabel: `${emoji} ${who}` }, names[1] ? `${emoji} ${names.length}` : emoji);
  };
  chips.replaceChildren(...[...kinds].map(chip));
}
