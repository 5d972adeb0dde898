// Lines in the log that not every conversation has. The log makes each where it belongs, and this fills it.

import type { Say } from "./say";
import type { Ev } from "./wire";

/** Says of which day the messages below are. */
export function dayLine(line: HTMLElement, at: Date, language: string): void {
  line.classList.add("day");
  line.textContent = at.toLocaleDateString(language, { dateStyle: "full" });
}

/** Says that an operator is there no longer, and what comes of that. */
export function leftLine(line: HTMLElement, { name, passed_to, reason }: Ev, say: Say): void {
  line.textContent = say(passed_to ? "passes" : reason ? "lost" : "left", name, passed_to);
}
