// One conversation, live: the stream, the other tabs, the messages under way, and what the visitor has seen.

import { call } from "./api";
import { lead } from "./lead";
import { newModel, take, type Model } from "./model";
import { newOutbox, type Mailer, type Outbox } from "./outbox";
import type { Known, Store } from "./store";
import { follow } from "./stream";
import type { Config, Ev, Snapshot } from "./types";

/** What the view is told; plain functions, no methods. */
export interface Listener extends Omit<Mailer, "post"> {
  /** An event of the log that was not known before. */
  event(e: Ev): void;
  /** The model changed. */
  changed(): void;
  /** The line went up or down. */
  up(is: boolean): void;
}

/** What tabs tell each other: an event, and the newest one the teller knew before it. */
interface Told {
  e: Ev;
  before: number;
}

export class Session {
  readonly model: Model;
  readonly outbox: Outbox;
  readonly #end = new AbortController();
  readonly #lead;
  #told: number; // the newest message the service knows to be seen
  #typing = 0;

  constructor(
    private readonly config: Config,
    private readonly store: Store,
    readonly known: Known,
    private readonly view: Listener,
    state = "",
  ) {
    this.#told = known.seq;
    this.model = newModel(state === "ticket" ? state : "chat", state);
    const post: Mailer["post"] = ({ client_id, text }) => this.call("/messages", { client_id, text });
    this.outbox = newOutbox(store.unsent, known.id, { ...view, post }, this.#end.signal);
    this.#lead = lead<Told>(
      `porchlight:${config.base}:${known.id}`,
      (signal) => void this.#follow(signal),
      ({ e, before }) => (before > this.model.last ? this.#lead.claim() : this.#take(e)), // who missed something leads
    );
  }

  /** Begins; also after a page came back from the browser's cache. */
  start(): void {
    this.#lead.start();
  }

  /** Lets go of the line and the lead; `start` takes them up again. */
  pause(): void {
    this.#lead.stop();
  }

  stop(): void {
    this.pause();
    this.#end.abort();
  }

  call<T = void>(path: string, body?: object, keepalive?: boolean): Promise<T> {
    return call<T>(this.config.base, this.known.token, `/${this.known.id}${path}`, body, keepalive);
  }

  /** Tells the service that the page is going away. */
  leave(): void {
    if (this.#lead.leads()) this.call("/leave", {}, true).catch(() => {});
  }

  async email(email: string): Promise<void> {
    await this.call("/email", { email });
    this.known.email = email;
    this.store.change(this.known.id, { email });
    this.view.changed();
  }

  /** How many operators' messages the visitor has not seen. */
  unread(): number {
    return this.model.heard.filter((seq) => seq > this.known.seq).length;
  }

  /** Another tab showed messages up to `seq`. */
  seenElsewhere(seq: number): void {
    this.known.seq = this.#told = Math.max(this.known.seq, seq);
    this.view.changed();
  }

  /** The newest message is on the screen. */
  seen(): void {
    const newest = this.model.heard.at(-1) ?? 0;
    if (newest > this.known.seq) {
      this.known.seq = newest;
      this.store.change(this.known.id, { seq: newest });
      this.view.changed();
    }
    if (newest <= this.#told) return;
    this.#told = newest;
    this.call("/seen", { seq: newest }).catch(() => (this.#told = newest - 1)); // said again when the line is back
  }

  #take(e: Ev): void {
    if (!take(this.model, e)) return;
    if (e.seq) this.view.event(e);
    clearTimeout(this.#typing);
    if (this.model.typing) this.#typing = setTimeout(() => this.#take({ type: "typing" }), 30000);
    this.#changed();
  }

  #changed(): void {
    const done = this.model.state === "closed";
    if (done !== this.known.done) this.store.change(this.known.id, { done: (this.known.done = done) });
    this.view.changed();
  }

  /** Takes an event in and tells the other tabs. */
  #share(e: Ev): void {
    const before = this.model.last;
    this.#take(e);
    this.#lead.tell({ e, before });
  }

  #follow(signal: AbortSignal): Promise<void> {
    void this.outbox.flush(); // what an earlier page or another tab left behind
    const { base } = this.config;
    const { id, token } = this.known;
    return follow(
      {
        url: `${base}/v1/conversations/${id}/events`,
        token,
        last: () => this.model.last,
        before: async () => this.#share({ type: "snapshot", snapshot: await this.call<Snapshot>("") }),
        event: (e) => this.#share(e),
        up: (is) => this.view.up(is),
        gone: () => this.view.gone(),
      },
      signal,
    );
  }
}
