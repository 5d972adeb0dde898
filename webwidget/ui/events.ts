// The events that the page hears: CustomEvents of the window, and the listeners that it gave to `on`.

import type { Events } from "../npm/index";

type Listener<E extends keyof Events> = (detail: Events[E]) => void;

export interface News {
  /** Tells the page what has happened. The browser reports what a listener throws, and goes on. */
  tell<E extends keyof Events>(event: E, detail: Events[E]): void;
  on<E extends keyof Events>(event: E, listener: Listener<E>): void;
  off<E extends keyof Events>(event: E, listener: Listener<E>): void;
}

/** What still is so when it was told: a listener that comes later hears it, too. */
const lasting: readonly (keyof Events)[] = ["ready", "status", "unread"];

export function newNews(): News {
  const last = new Map<keyof Events, unknown>([["ready", null]]);
  const heard = new Map<string, Map<unknown, EventListener>>();
  const of = (event: string) => heard.get(event) ?? heard.set(event, new Map()).get(event)!;
  return {
    tell(event, detail) {
      if (lasting.includes(event)) last.set(event, detail);
      dispatchEvent(new CustomEvent("porchlight:" + event, { detail: Object.freeze(detail) }));
    },
    on(event, listener) {
      const mine = of(event);
      if (mine.has(listener)) return;
      const hear = (e: Event) => listener((e as CustomEvent).detail);
      mine.set(listener, hear);
      addEventListener("porchlight:" + event, hear);
      if (last.has(event)) queueMicrotask(() => mine.get(listener) === hear && listener(last.get(event) as any)); // what it throws is not ours
    },
    off(event, listener) {
      removeEventListener("porchlight:" + event, of(event).get(listener)!);
      of(event).delete(listener);
    },
  };
}
