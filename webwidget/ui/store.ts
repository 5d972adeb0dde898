// The store holds what the browser keeps. Until the visitor sends the form, nothing in it outlives the tab.

import { encode } from "./encode";
import { storageKey } from "./settings";
import type { Unsent } from "./wire";

/** The conversation of this browser. `seq` is the newest operator's message that the visitor has seen. */
export interface Known {
  id: string;
  token: string;
  number: number;
  seq: number;
  name: string;
  email: string;
  /** Whether the conversation is over. Then the next page need not load the panel. */
  done: boolean;
  /** Whose it is by the word of the site: the subject of a signed identity. */
  whose?: string;
  /** The page of which the service was told last (see `here`). */
  page?: string;
}

/** Another conversation of this browser. `seq` is as of Known. */
export type Held = Pick<Known, "id" | "token" | "seq">;

/** One kept value. */
export interface Slot<T> {
  key: string;
  get(): T | undefined;
  /** Keeps a value; undefined forgets it. */
  set(value?: T): void;
}

/**
 * Makes a slot for a value in a storage of the browser, or in memory while that storage is forbidden or full. `read` checks
 * what the storage holds and makes the value of it; if it throws, the slot has no value. `mend` is called before each use.
 */
function slot<T>(area: "localStorage" | "sessionStorage", key: string, read: (kept: any) => T | undefined, mend: () => void) {
  let last: string | undefined; // the text that the storage should hold
  let failed = false; // whether the text could not be written
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
    /** Whether the site has removed the value. */
    lost: () => last && !raw(),
    /** Writes the value again. */
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

/** Everything that the browser keeps for one service. */
export interface Store {
  known: Slot<Known>;
  unsent: Slot<Unsent[]>;
  /** The visitor's other conversations, if there are any. */
  talks: Slot<Held[]>;
  /** The text that the visitor is writing in this tab. */
  draft: Slot<string>;
  open: Slot<boolean>;
  /** Whether this tab polls, because no stream gets through to it. */
  poll: Slot<boolean>;
  /** Changes the kept conversation, unless another one has taken its place. `seq` never goes back. */
  change(id: string, change: Partial<Known>): void;
  /** Forgets a conversation that the service no longer knows. From now on it is ignored even if another tab writes it again. */
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
  const readKnown = ({ id, token, number, seq, name, email, done, whose, page }: Known) => {
    if (!isID(id) || !isID(token) || id === dead) throw id;
    return { id, token, number, whose: text(whose), page, seq: whole(seq), name: text(name), email: text(email), done: !!done };
  };
  const readUnsent = (list: Unsent[]) => list.filter((u) => isID(u?.conversation) && isID(u.client_id) && text(u.text));
  const readTalks = (list: Held[]) => list.filter((t) => isID(t?.id) && isID(t.token));
  const local = () => {
    if (!known.lost()) return; // then another tab has removed unsent messages, because it has sent them
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
  const talks = slot("localStorage", key + ":talks", readTalks, () => {});
  const draft = session(":draft", text);
  const open = session(":open", yes);
  const poll = session(":poll", yes);
  return {
    known,
    unsent,
    talks,
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
