// Messages and edits wait in the browser's storage until the service has acknowledged them. The outbox sends one after the
// other, so that their order is kept. Each keeps its own id, so that the service stores it once even if it is sent twice (a
// lost answer, two tabs, a reload).

import { backOff, pause, type Problem } from "./api";
import { newID } from "./encode";
import type { Slot } from "./store";
import type { Unsent } from "./wire";

export interface Mailer {
  /** Sends one message; throws a Problem. */
  post(message: Unsent): Promise<{ seq: number }>;
  /** The service has stored the message. */
  stored(message: Unsent, seq: number): void;
  /** The message could not be sent and will be tried again. `after` is how long the service asked to wait, in milliseconds, or 0. */
  later(message: Unsent, after: number): void;
  /** The service refuses the message for good. */
  refused(message: Unsent, why: Problem): void;
  gone(): void;
  pace(): number;
}

export interface Outbox {
  /** The messages that wait to be sent, oldest first. */
  list(): Unsent[];
  add(text: string, replaces?: number): Unsent;
  /** Sends all messages that wait. While it runs, another call does nothing. */
  flush(): Promise<void>;
}

/** Makes the outbox of a conversation. The signal stops it. */
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
        return pause(why.after || backOff(tries++, mailer.pace()), signal, !!why.after);
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
