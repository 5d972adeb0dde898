// Editing: the composer holds an old text for a while, and what it sends goes elsewhere.

import type { Composer } from "./composer";
import { h } from "./taken";
import type { Say } from "./strings";
import type { Tail } from "./tail";

/** Takes the visitor's last message up again, if it may be edited; `send` gets its new text. */
export function edit(say: Say, { node, area }: Composer, tail: Tail, send: (text: string, replaces: number) => void): void {
  const old = tail.draft();
  if (!old || node.querySelector(".bar")) return;
  const aside = area.value; // what was being written
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
    if (tail.draft()?.seq !== old.seq) return leave(text); // too late: it stays as a text to be sent
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
