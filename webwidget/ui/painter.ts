// Draws what the service has of a message.

import { h } from "./dom";
import { clock, fill, write, type Entry } from "./entry";
import type { Attached, Ev, Extras, Home } from "./types";

export interface Painter {
  /** What stands behind an edited text. */
  edited: string;
  /** Draws a message or a file, and a quote of the one it answers. */
  message(entry: Entry, e: Ev, answered: Entry | undefined): void;
  /** Draws a reaction, a correction or a retraction. */
  change(entry: Entry, e: Ev): void;
}

/** `during` makes the changes that come later. */
export function newPainter({ config, say, extras }: Home, during: (change: () => void) => void): Painter {
  const edited = ` (${say("edited")})`;

  /** Without the extras a message stands there without quote and reactions, and a file's name is no link. */
  const later = (draw: (parts: Extras) => void) => extras((parts) => during(() => draw(parts)));
  const attach = (entry: Entry, file: Attached) => {
    const label = h("b", {}, file.name);
    fill(entry, file.name, label);
    later((parts) => parts.showFile(label, file, config.base));
  };

  return {
    edited,
    message(entry, e, answered) {
      if (e.file) attach(entry, e.file);
      else write(entry, (entry.text = e.text!));
      if (answered) later((parts) => parts.quote(entry, answered, say));
      entry.meta.prepend(clock(new Date(e.at!)));
    },
    change(entry, e) {
      if (e.to) return later((parts) => parts.react(entry, e));
      const removed = e.type === "retraction";
      entry.text = e.text;
      entry.node.classList.toggle("removed", removed);
      if (removed) fill(entry, say("removed"), say("removed"));
      else write(entry, e.text!, (entry.mark = edited));
    },
  };
}
