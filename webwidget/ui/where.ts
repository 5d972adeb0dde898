// Operators see on which page a visitor is, and whether that page is in view. This notices when either changes.

import { encode } from "./encode";

/** Says what the page's own title is. The bell, which puts something before the title, puts its own way to say it in here. */
export const page = { title: (): string => document.title };

/** Returns where the visitor is now, in the JSON that the service gets. */
export const here = (): string => encode({ hidden: document.hidden, url: location.href, title: page.title() });

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
