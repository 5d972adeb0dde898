// The field in which the visitor writes. It tells the service sparingly that the visitor is typing.

import { h } from "./dom";
import { icon } from "./look";
import type { Slot } from "./store";
import type { Say } from "./say";

/** What the composer calls; plain functions. */
export interface Writer {
  send(text: string): void;
  /** Tells whether the visitor is typing: at most one `true` every 3 s, and a `false` after 5 s of rest; `pace` makes both longer. */
  typing(active: boolean): void;
  /** Lets the visitor edit their last message. */
  edit(): void;
  attach(files: File[]): void;
  pace(): number;
}

export interface Composer {
  node: HTMLFormElement;
  area: HTMLTextAreaElement;
  focus(): void;
  /** Puts back a text that could not be sent. */
  restore(text: string): void;
  /** Says in the empty field what can be written there. */
  hint(text: string): void;
  /** Takes the media types of the files that may be sent, if any may be. */
  take(types: string[] | undefined): void;
}

/** Makes a composer. `draft` keeps the text that is not sent yet. */
export function newComposer(say: Say, draft: Slot<string>, writer: Writer): Composer {
  let active = false;
  let said = 0;
  let rest = 0;

  const hint = (text: string) => (area.placeholder = area.ariaLabel = text);
  const still = () => {
    clearTimeout(rest);
    if (active) writer.typing((active = false));
  };
  const grow = () => {
    draft.set(area.value);
    area.style.height = "auto";
    if (area.value) area.style.height = area.scrollHeight + 2 + "px"; // with the borders, or there would be a scroll bar
  };
  const input = () => {
    grow();
    if (!area.value.trim()) return still();
    clearTimeout(rest);
    rest = setTimeout(still, 5000 * writer.pace());
    if (Date.now() - said < 3000 * writer.pace()) return;
    said = Date.now();
    writer.typing((active = true));
  };
  const press = (e: KeyboardEvent) => {
    // Some browsers give the key code 229 instead of isComposing while an input method is at work.
    if (e.isComposing || e.keyCode === 229) return;
    if (e.key === "Enter" && !e.shiftKey) node.requestSubmit();
    else if (e.key === "ArrowUp" && !area.value) writer.edit();
    else return;
    e.preventDefault();
  };
  const submit = (e: Event) => {
    e.preventDefault();
    const text = area.value.trim();
    area.focus();
    if (!text) return;
    area.value = "";
    if (writer.pace() > 1) active = false; // the message tells that the typing is over
    input();
    writer.send(text);
  };
  const paste = (e: ClipboardEvent) => {
    const { files, types } = e.clipboardData!;
    if (clip.hidden || !files.length || types.includes("text/plain")) return; // office programs add a picture of the text
    e.preventDefault();
    writer.attach([...files]);
  };
  const pick = () => {
    writer.attach([...picker.files!]);
    picker.value = ""; // the same file may be chosen again
  };

  const area = h("textarea", { name: "text", rows: 1, dir: "auto", value: draft.get() ?? "", enterKeyHint: "send", oninput: input, onkeydown: press, onpaste: paste });
  const picker = h("input", { type: "file", multiple: true, hidden: true, onchange: pick });
  const clip = h("button.clip", { type: "button", ariaLabel: say("attach"), onclick: () => picker.click() }, icon("m24 15-8 8a1 1 0 0 1-8-8l8-8a1 1 0 0 1 5 5l-8 8a1 1 0 0 1-2-2l7-7"));
  const node = h("form.composer", { onsubmit: submit }, clip, picker, area, h("button.main", { ariaLabel: say("send") }, icon("M16 24V8m-7 7 7-7 7 7")));
  hint(say("write"));

  return {
    node,
    area,
    focus: () => area.focus(),
    restore(text) {
      area.value = area.value ? text + "\n" + area.value : text;
      grow();
    },
    hint,
    take(types) {
      clip.hidden = !types;
      picker.accept = String(types);
    },
  };
}
