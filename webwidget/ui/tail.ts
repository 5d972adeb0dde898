// The tail below the visitor's last message: it says how far the message has come, and holds the pen that edits it.

import { h } from "./dom";
import type { Entry } from "./entry";
import type { Key, Say } from "./say";
import type { Receipts } from "./wire";

/** A message that may be edited. */
export interface Draft {
  seq: number;
  text: string;
}

export interface Tail {
  /** Moves below a message. */
  follow(entry: Entry | undefined): void;
  /** Says how far the message has come, and never more than is proved. In an open conversation the message can be edited. */
  ticks(receipts: Partial<Receipts>, isOpen: boolean): void;
  /** Says something else below the message. */
  hint(text: string): void;
  /** The message, if the service has it and the visitor may edit it. */
  draft(): Draft | undefined;
}

/** How far a message may have come, the furthest first; these are keys of texts, too. */
const steps: (Key & keyof Receipts)[] = ["seen", "delivered", "confirmed"];

/** Makes the tail. `edit` is called when the visitor wants to edit the message. */
export function newTail(say: Say, edit: () => void): Tail {
  const tick = h("span", { "aria-live": "off" });
  const pen = h("button.pen", { ariaLabel: say("edit"), onclick: edit }, "✎");
  let mine: Entry | undefined;
  let open = false;

  const draft = () => (open && mine?.upto && mine.text ? { seq: mine.seq!, text: mine.text } : undefined);
  const hint = (text: string) => {
    tick.textContent = text;
    pen.hidden = !draft();
  };

  return {
    follow(entry) {
      if (entry !== mine) entry?.meta.append(pen, tick);
      mine = entry;
    },
    ticks(receipts, isOpen) {
      const seq = mine?.upto;
      open = isOpen;
      if (!seq) return;
      const step = steps.find((s) => receipts[s]! >= seq);
      hint((step ? "✓✓ " : "✓ ") + say(step ?? "stored"));
    },
    hint,
    draft,
  };
}
