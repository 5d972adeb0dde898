// What the browser keeps. Nothing outlives the tab before the visitor sends the form.

import { encode } from "./api";
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

/**
 * A value of a storage; memory serves where storage is forbidden or full. `read` makes a value of anything that may stand
 * there; what it makes nothing of, or throws at, is forgotten. `mend` is called before each use.
 */
function slot<T>(area: "localStorage" | "sessionStorage", key: string, read: (kept: any) => T | undefined, mend: () => void) {
  let last: string | undefined; // as it should stand there
  let failed = false; // it could not be written
  const raw = () => {
    try {
      if (!failed) return window[area].getItem(key) ?? undefined;
    } catch {}
    return last;
  };
  const again = () => {
    try {
      if (last) window[area].setItem(key, last);
      else window[area].removeItem(key);
      failed = false;
    } catch {
      failed = true;
    }
  };
  return {
    key,
    /** Whether the site has removed it. */
    lost: () => last && !raw(),
    /** Writes it as it should stand there. */
    again,
    get() {
      mend();
      last = raw();
      try {
        return read(JSON.parse(last!));
      } catch {
        return (last = undefined);
      }
    },
    set(value?: T) {
      mend();
      last = value ? encode(value) : undefined;
      again();
    },
  };
}

/** Everything that is kept for the service at `base`. */
export interface Store {
  known: Slot<Known>;
  unsent: Slot<Unsent[]>;
  /** What the visitor is writing in this tab. */
  draft: Slot<string>;
  open: Slot<boolean>;
  /** No stream gets through to this tab. */
  poll: Slot<boolean>;
  /** Changes the kept conversation, unless another one has taken its place; what was seen is never unseen. */
  change(id: string, change: Partial<Known>): void;
  /** The service knows that conversation no more: it counts as nothing, also if another tab still writes it. */
  forget(id: string): void;
  /** Writes again what the site has removed. */
  mend(): void;
}

const text = (kept: unknown) => (typeof kept === "string" ? kept : "");
/** Ids and tokens travel in addresses and headers, which take few characters. */
const isID = (kept: unknown) => /^[\w.-]+$/.test(text(kept));
const whole = (kept: unknown) => (Number.isSafeInteger(kept) ? (kept as number) : 0);

export function newStore(base: string): Store {
  const key = storageKey(base);
  let dead = "";
  const readKnown = ({ id, token, number, seq, name, email, done, page }: Known) => {
    if (!isID(id) || !isID(token) || id === dead) throw id;
    return { id, token, number, page, seq: whole(seq), name: text(name), email: text(email), done: !!done };
  };
  const readUnsent = (list: Unsent[]) => list.filter((u) => isID(u?.conversation) && isID(u.client_id) && text(u.text));
  const local = () => {
    if (!known.lost()) return; // what else is missing another tab has sent
    known.again();
    unsent.again();
  };
  const session = <T>(name: string, read: (kept: any) => T | undefined) => {
    const mine = slot("sessionStorage", key + name, read, () => mine.lost() && mine.again());
    return mine;
  };
  const yes = (kept: unknown) => kept === true;
  const known = slot("localStorage", key, readKnown, local);
  const unsent = slot("localStorage", key + ":unsent", readUnsent, local);
  const draft = session(":draft", text);
  const open = session(":open", yes);
  const poll = session(":poll", yes);
  return {
    known,
    unsent,
    draft,
    open,
    poll,
    change(id, change) {
      const now = known.get();
      if (now?.id === id) known.set({ ...now, ...change, seq: Math.max(now.seq, change.seq ?? 0) });
    },
    forget(id) {
      if (known.get()?.id === id) known.set();
      dead = id;
    },
    mend() {
      for (const part of [known, draft, open]) part.get();
    },
  };
}
