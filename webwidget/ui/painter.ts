// The painter draws messages and their changes in the form in which the service has them.

import { h } from "./dom";
import { write, type Entry } from "./entry";
import type { Home } from "./home";
import type { Attached, Ev } from "./wire";

export interface Painter {
  /** The mark behind an edited text. */
  edited: string;
  /** Draws a message or a file, and above it a quote of the message that it answers. */
  message(entry: Entry, e: Ev, answered: Entry | undefined): void;
  /** Draws a reaction, a correction or a retraction. */
  change(entry: Entry, e: Ev): void;
}

/** Fetches the parts that rare messages need. */
export interface Rare {
  extras(use: (part: typeof import("./extras")) => void): void;
  files(use: (part: typeof import("./files")) => void): void;
}

/** Makes a painter. `during` makes the changes that come after a rare part. */
export function newPainter({ config, say }: Home, { extras, files }: Rare, during: (change: () => void) => void): Painter {
  const edited = ` (${say("edited")})`;

  // Until the rare parts come a message has no quote and no reactions, and a file's name is no link.
  const attach = (entry: Entry, file: Attached) => {
    const label = h("b", { dir: "auto" }, file.name);
    entry.body.replaceChildren(label);
    files((parts) => during(() => parts.showFile(label, file, config)));
  };

  return {
    edited,
    message(entry, e, answered) {
      if (e.file) attach(entry, e.file);
      else write(entry, (entry.text = e.text!));
      if (answered) extras((parts) => during(() => parts.quote(entry, answered, say)));
    },
    change(entry, e) {
      if (e.to) return extras((parts) => during(() => parts.react(entry, e)));
      if (entry.node.matches(".removed")) return; // what was taken back stays so
      const removed = e.type === "retraction";
      entry.text = e.text;
      entry.node.classList.toggle("removed", removed);
      if (removed) write(entry, say("removed"));
      else write(entry, e.text!, (entry.mark = edited));
    },
  };
}
