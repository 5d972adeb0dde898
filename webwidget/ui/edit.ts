// Editing: for a while the composer holds the text of an old message, and what it sends replaces that message.

import type { Composer } from "./composer";
import { h } from "./dom";
import type { Say } from "./say";
import type { Tail } from "./tail";

/** Puts the visitor's last message into the composer, if it may be edited. `send` gets the new text. */
export function edit(say: Say, { node, area }: Composer, tail: Tail, send: (text: string, replaces: number) => void): void {
  const old = tail.draft();
  if (!old || node.querySelector(".bar")) return;
  const aside = area.value; // what the visitor was writing
  const end = new AbortController();
  const write = (text: string) => {
    area.value = text;
    area.dispatchEvent(new Event("input"));
    area.focus();
  };
  const leave = (text: string) => {
    end.abort();
    bar.remove();
    write(text);
  };
  const cancel = () => leave(aside);
  const submit = (e: Event) => {
    e.preventDefault();
    e.stopImmediatePropagation(); // the composer would send it as a new message
    const text = area.value.trim();
    if (!text) return;
    if (tail.draft()?.seq !== old.seq) return leave(text); // too late for an edit; the text stays, to be sent as a message
    cancel();
    if (text !== old.text) send(text, old.seq);
  };
  const press = (e: KeyboardEvent) => {
    if (e.key !== "Escape" || e.isComposing) return;
    e.stopPropagation(); // the panel stays open
    cancel();
  };
  const { signal } = end;
  node.addEventListener("submit", submit, { capture: true, signal });
  node.addEventListener("keydown", press, { signal });
  const bar = h("div.bar", {}, h("span", { role: "status" }, say("editing")), h("button", { type: "button", onclick: cancel }, say("cancel")));
  node.prepend(bar);
  write(old.text);
}
