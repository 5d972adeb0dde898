// The earlier lines of a long log. They are kept out of sight, where they cost no layout, and come back when the visitor scrolls
// up to them. Only a long log fetches this module.

import { h } from "./dom";

/** How many lines stay in sight, and how many come back at a time. */
const most = 200;

/** How near the top the visitor has to come, in pixels. */
const near = 400;

/** Takes all but the newest lines of a log out of sight. */
export function shorten(log: HTMLElement): void {
  const shelf = log.querySelector<HTMLElement>(".early") ?? begin(log);
  // Beside the lines there are the shelf itself and the mark of the end.
  while (log.childElementCount > most + 2) shelf.append(shelf.nextElementSibling!);
}

/** Brings a line of a log back into sight, if it is not there, and all that follow it. */
export function reach(line: Element): void {
  const shelf = line.closest<HTMLElement>(".early");
  if (shelf) restore(shelf, [...shelf.children].indexOf(line));
}

function begin(log: HTMLElement): HTMLElement {
  const shelf = h("div.early", { hidden: true });
  log.prepend(shelf);
  log.addEventListener("scroll", () => log.scrollTop < near && shelf.firstChild && restore(shelf, Math.max(0, shelf.childElementCount - most)));
  return shelf;
}

/** Brings back the lines from number `first` on. What the visitor reads stays in its place, and nothing is read out. */
function restore(shelf: HTMLElement, first: number): void {
  const log = shelf.parentElement!;
  const below = log.scrollHeight - log.scrollTop;
  log.ariaLive = "off";
  shelf.after(...[...shelf.children].slice(first));
  log.scrollTop = log.scrollHeight - below;
}
