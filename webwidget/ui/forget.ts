// Forgets the visitor in this browser.

import type { Panel } from "./panel";
import { storageKey } from "./settings";

/**
 * Forgets all that the browser keeps for the service `base`, and shows the form in the panel if it has been fetched. The service
 * hears that the visitor has left.
 */
export function forget(base: string, panel?: Panel): void {
  const key = storageKey(base);
  const session = panel?.stage.chat()?.session;
  if (session?.live()) session.tell("/leave", {});
  try {
    // The other tabs would write again what is only removed. This they can't read, so they forget it, too.
    if (localStorage.getItem(key)) localStorage.setItem(key, "0");
  } catch {} // storage is forbidden: all is in memory
  if (panel) {
    const { store } = panel.home;
    store.unsent.set();
    store.draft.set();
    store.forget(session?.known.id ?? "");
  }
  for (const area of ["localStorage", "sessionStorage"] as const)
    try {
      const storage = window[area];
      for (const name of Object.keys(storage)) if (name.startsWith(key) && /^:[a-z]+$/.test(name.slice(key.length))) storage.removeItem(name);
    } catch {}
  if (panel?.home.fetched.talks) panel.home.recall();
  panel?.stage.enter();
}
