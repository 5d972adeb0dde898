// What stands below the visitor's last message: how far it has come, and the pen that takes it up again.

import { h } from "./dom";
import type { Entry } from "./entry";
import type { Say } from "./strings";
import type { Receipts } from "./types";

/** A message that may be edited. */
export interface Draft {
  seq: number;
  text: string;
}

export interface Tail {
  /** Moves below that message. */
  follow(entry: Entry | undefined): void;
  /** Says how far it has come, never more than is proved; in an open conversation it can be edited. */
  ticks(receipts: Partial<Receipts>, isOpen: boolean): void;
  /** Says anything else there. */
  hint(text: string): void;
  /** The message, if the service has it and it can be edited. */
  draft(): Draft | undefined;
}

/** `edit` is called to take the message up again. */
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
      const step = (["seen", "delivered", "confirmed"] as const).find((s) => receipts[s]! >= seq);
      hint((step ? "✓✓ " : "✓ ") + say(step ?? "stored"));
    },
    hint,
    draft,
  };
}
