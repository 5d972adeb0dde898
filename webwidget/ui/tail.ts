// The tail below the visitor's last message: it says how far the message has come, and has the pen that edits it.

import { h } from "./dom";
import type { Entry } from "./entry";
import { icon } from "./look";
import type { Key, Say } from "./say";
import type { Receipts } from "./wire";

/** A message that may be edited. */
export interface Draft {
  seq: number;
  text: string;
}

export interface Tail {
  /** Edits the message. It stands outside the log, which holds no controls. */
  pen: HTMLElement;
  /** Moves below a message. */
  follow(entry: Entry | undefined): void;
  /** Says how far the message has come, and never more than is proved. In an open conversation the message can be edited. */
  ticks(receipts: Partial<Receipts>, isOpen: boolean): void;
  /** Says something below the message, behind a mark such as `stored`. */
  hint(text: string, mark?: string): void;
  /** The message, if the service has it and the visitor may edit it. */
  draft(): Draft | undefined;
}

/** The marks of a message that the service has, and of one that it has passed on. */
export const stored = "m9 17 5 5 10-12";
const passed = "m4 17 5 5 10-12M16 22l10-12";

/** How far a message may have come, the furthest first; these are keys of texts, too. */
const steps: (Key & keyof Receipts)[] = ["seen", "delivered", "confirmed"];

/** Makes the tail. `edit` is called when the visitor wants to edit the message. */
export function newTail(say: Say, edit: () => void): Tail {
  const tick = h("span", { "aria-live": "off" });
  const pen = h("button.pen", { ariaLabel: say("edit"), onclick: edit }, icon("m9 23 1-5L21 7l4 4-11 11zm10-14 4 4"));
  let mine: Entry | undefined;
  let open = false;

  const draft = () => (open && mine?.upto && mine.text ? { seq: mine.seq!, text: mine.text } : undefined);
  const hint = (text: string, mark?: string) => {
    tick.replaceChildren(mark ? icon(mark) : "", text);
    pen.hidden = !draft();
  };

  return {
    pen,
    follow(entry) {
      if (entry !== mine) entry?.meta.append(tick);
      mine = entry;
    },
    ticks(receipts, isOpen) {
      const seq = mine?.upto;
      open = isOpen;
      if (!seq) return;
      const step = steps.find((s) => receipts[s]! >= seq);
      hint(say(step ?? "stored"), step ? passed : stored);
    },
    hint,
    draft,
  };
}
