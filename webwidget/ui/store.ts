// What the browser keeps. Nothing is written before the visitor sends the form.

import { storageKey } from "./settings";
import type { Unsent } from "./types";

/** The conversation of this browser; `seq` is the newest operator's message the visitor has seen. */
export interface Known {
  id: string;
  token: string;
  number: number;
  seq: number;
  name: string;
  email: string;
  /** The conversation is over: the next page need not load the panel. */
  done: boolean;
  /** Where the service was last told that the visitor is. */
  page?: string;
}

/** One kept value. */
export interface Slot<T> {
  key: string;
  get(): T | undefined;
  /** Keeps a value; undefined forgets it. */
  set(value?: T): void;
}

/** A value of a storage; falls back to memory where storage is forbidden or full. */
function slot<T>(area: "localStorage" | "sessionStorage", key: string): Slot<T> {
  let memory: string | undefined;
  return {
    key,
    get() {
      let text: string | null | undefined = memory;
      try {
        text ??= window[area].getItem(key);
      } catch {}
      return JSON.parse(text ?? "null") ?? undefined;
    },
    set(value) {
      const text = JSON.stringify(value ?? null);
      memory = undefined;
      try {
        if (value) window[area].setItem(key, text);
        else window[area].removeItem(key);
      } catch {
        memory = text;
      }
    },
  };
}

/** Everything that is kept for the service at `base`. */
export interface Store {
  known: Slot<Known>;
  unsent: Slot<Unsent[]>;
  open: Slot<boolean>;
  /** Changes the kept conversation, unless another one has taken its place; what was seen is never unseen. */
  change(id: string, change: Partial<Known>): void;
}

export function newStore(base: string): Store {
  const key = storageKey(base);
  const known = slot<Known>("localStorage", key);
  return {
    known,
    unsent: slot("localStorage", key + ":unsent"),
    open: slot("sessionStorage", key + ":open"),
    change(id, change) {
      const now = known.get();
      if (now?.id === id) known.set({ ...now, ...change, seq: Math.max(now.seq, change.seq ?? 0) });
    },
  };
}
