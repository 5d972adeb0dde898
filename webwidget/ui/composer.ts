// Where the visitor writes. Tells the service that somebody is typing, sparingly.

import { h } from "./dom";
import type { Say } from "./strings";

export interface Composer {
  node: HTMLFormElement;
  focus(): void;
  /** Puts back a text that could not be sent. */
  restore(text: string): void;
  placeholder(text: string): void;
}

/** Makes a composer; `send` gets each text, `typing` at most one `true` every 3 s and a `false` after 5 s of rest. */
export function composer(say: Say, send: (text: string) => void, typing: (active: boolean) => void): Composer {
  let active = false;
  let said = 0;
  let rest = 0;
  const area = h("textarea", { name: "text", rows: 1, dir: "auto", enterKeyHint: "send" });
  const node = h("form.composer", {}, area, h("button.main", { "aria-label": say("send") }, "↑"));

  const still = () => {
    clearTimeout(rest);
    if (active) typing((active = false));
  };
  const grow = () => {
    area.style.height = "auto";
    if (area.value) area.style.height = area.scrollHeight + "px";
  };
  area.oninput = () => {
    grow();
    if (!area.value.trim()) return still();
    clearTimeout(rest);
    rest = setTimeout(still, 5000);
    if (Date.now() - said < 3000) return;
    said = Date.now();
    typing((active = true));
  };
  area.onkeydown = (e) => {
    // 229: some browsers say so instead of isComposing while an input method is at work
    if (e.key !== "Enter" || e.shiftKey || e.isComposing || e.keyCode === 229) return;
    e.preventDefault();
    node.requestSubmit();
  };
  node.onsubmit = (e) => {
    e.preventDefault();
    const text = area.value.trim();
    area.focus();
    if (!text) return;
    area.value = "";
    grow();
    still();
    send(text);
  };

  return {
    node,
    focus: () => area.focus(),
    restore: (text) => {
      area.value = area.value ? text + "\n" + area.value : text;
      grow();
    },
    placeholder: (text) => {
      area.placeholder = text;
      area.ariaLabel = text;
    },
  };
}
