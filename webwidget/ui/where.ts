// Operators see on which page a visitor is, and whether that page is looked at.

import { encode } from "./api";

/** Where the visitor is now, as the service is told. */
export const here = (): string => encode({ hidden: document.hidden, url: location.href, title: document.title });

/**
 * Calls `moved` with where the visitor is, over and over while `known` says otherwise. A look each second is the one way
 * that notices `pushState` in every browser; what lasts for one look only is not told.
 */
export function watchPage(known: () => string | undefined, moved: (to: string) => void, signal: AbortSignal): void {
  let before = "";
  const timer = setInterval(() => {
    const now = here();
    if (now === before && now !== known()) moved(now);
    before = now;
  }, 1000);
  signal.addEventListener("abort", () => clearInterval(timer));
}
