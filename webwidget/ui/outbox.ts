// Messages wait in the browser's storage until the service has acknowledged them. They are sent one after the other,
// each with its own id, so that sending twice (a lost answer, two tabs, a reload) stores it once and order is kept.

import { backOff, newID, pause, type Problem } from "./api";
import type { Slot } from "./store";
import type { Unsent } from "./types";

export interface Mailer {
  /** Sends one message; throws a Problem. */
  post(message: Unsent): Promise<{ seq: number }>;
  /** The service has stored it. */
  stored(message: Unsent, seq: number): void;
  /** Not sent yet, tried again; `after` is in milliseconds when the service asked to wait. */
  later(message: Unsent, after: number): void;
  /** The service will not have it. */
  refused(message: Unsent, why: Problem): void;
  gone(): void;
}

export interface Outbox {
  /** What waits to be sent, oldest first. */
  list(): Unsent[];
  add(text: string, replaces?: number): Unsent;
  /** Sends all that waits; one run at a time. */
  flush(): Promise<void>;
}

/** Makes the outbox of a conversation; the signal stops it. */
export function newOutbox(kept: Slot<Unsent[]>, conversation: string, mailer: Mailer, signal: AbortSignal): Outbox {
  let busy = false;
  let tries = 0;
  const list = () => (kept.get() ?? []).filter((u) => u.conversation === conversation);

  const send = async (next: Unsent): Promise<void> => {
    let done: () => void;
    try {
      const { seq } = await mailer.post(next);
      done = () => mailer.stored(next, seq);
    } catch (error) {
      const why = error as Problem;
      if (why.passing) {
        mailer.later(next, why.after);
        return pause(why.after || backOff(tries++), signal, !!why.after);
      }
      done = () => (why.gone ? mailer.gone() : mailer.refused(next, why));
    }
    tries = 0;
    const rest = list().filter((u) => u.client_id !== next.client_id);
    kept.set(rest[0] && rest);
    done();
  };

  const flush = async () => {
    if (busy) return;
    busy = true;
    try {
      for (let next; (next = list()[0]) && !signal.aborted; ) await send(next);
    } finally {
      busy = false;
    }
  };

  const add = (text: string, replaces?: number) => {
    const message = { conversation, client_id: newID(), text, replaces };
    kept.set([...list(), message]);
    void flush();
    return message;
  };

  return { list, add, flush };
}
