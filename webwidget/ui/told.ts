// Notes in the log that not every conversation has. The log makes each where it belongs, and this fills it.

import type { Say } from "./say";
import type { Ev } from "./wire";

/** Says of which day the messages below are. */
export function dayNote(note: HTMLElement, at: Date, language: string): void {
  note.classList.add("day");
  note.textContent = at.toLocaleDateString(language, { dateStyle: "full" });
}

/** Says that an operator is there no longer, and what comes of that. */
export function leftNote(note: HTMLElement, { name, passed_to, reason }: Ev, say: Say): void {
  note.textContent = say(passed_to ? "passes" : reason ? "lost" : "left", name, passed_to);
}
