// Operators see on which page a visitor is, and whether that page is in view. This notices when either changes.

import { encode } from "./encode";

/** What the widget has put before the page's title. */
export const mark = { text: "" };

/** The page's own title. */
export const title = (): string => document.title.slice(document.title.startsWith(mark.text) ? mark.text.length : 0);

/** Returns where the visitor is now, in the JSON that the service gets. */
export const here = (): string => encode({ hidden: document.hidden, url: location.href, title: title() });

/**
 * Calls `moved` with where the visitor is when that has lasted for a second and `told` says something else. Only a comparison
 * each second notices `pushState` in every browser.
 */
export function watchPage(told: () => string | undefined, moved: (to: string) => void, signal: AbortSignal): void {
  let before = "";
  const timer = setInterval(() => {
    const now = here();
    if (now === before && now !== told()) moved(now);
    before = now;
  }, 1000);
  signal.addEventListener("abort", () => clearInterval(timer));
}
