// The session keeps one conversation live. It joins the stream, the other tabs, the messages under way, and what the visitor
// has seen.

import { call, request } from "./api";
import type { Feed } from "./feed";
import type { Fresh } from "./ask";
import type { Home } from "./home";
import { lead } from "./lead";
import { isLive, newModel, take, type Model } from "./model";
import { newOutbox, type Mailer, type Outbox } from "./outbox";
import type { Known } from "./store";
import { follow } from "./stream";
import type { Ev, Snapshot } from "./wire";
import { here, watchPage } from "./where";

/** The view's side of a session, which calls these; plain functions, no methods. */
export interface Listener extends Omit<Mailer, "post" | "pace"> {
  /** The log has an event that was not known before. */
  event(e: Ev): void;
  /** The model changed. */
  changed(): void;
  /** The line to the service went up or down. */
  up(is: boolean): void;
}

/** What tabs tell each other: an event, and the newest event that the telling tab knew before it. */
interface Told {
  e: Ev;
  before: number;
}

export interface Session {
  model: Model;
  outbox: Outbox;
  known: Known;
  /** Fires at the end of the session. */
  signal: AbortSignal;
  /** Begins, also when the page has come back from the browser's cache. */
  start(): void;
  /** The page is going away: tells the service, and gives up the line and the lead until `start`. */
  pause(): void;
  stop(): void;
  call<T = void>(path: string, body?: object): Promise<T>;
  /** Makes a call, also while the page is being left, and ignores a failure. */
  tell(path: string, body: object): void;
  email(address: string): Promise<void>;
  /** Whether somebody talks to the visitor, or is about to. */
  live(): boolean;
  /** How many operators' messages the visitor has not seen. */
  unread(): number;
  /** Another tab showed messages up to `seq`. */
  seenElsewhere(seq: number): void;
  /** The newest message is on the screen. */
  seen(): void;
}

export function newSession({ config, store }: Home, known: Known, fresh: Fresh | undefined, view: Listener): Session {
  const { id, token } = known;
  const { pace } = config;
  const model = newModel(fresh?.state ?? "");
  let now = fresh?.snapshot; // the service has just said where the conversation stands
  const end = new AbortController();
  let told = known.seq; // the newest message of which the service knows that the visitor has seen it
  let typing = 0;
  let telling = 0; // the timer until the service is told what has been seen

  const ask = <T = void>(path: string, body?: object, keepalive?: boolean) => call<T>(config, token, `/${id}${path}`, body, keepalive);
  const tell = (path: string, body: object) => void ask(path, body, true).catch(() => {});
  /** Tells at once what waits to be told. */
  const flush = () => {
    if (!telling) return;
    clearTimeout(telling);
    telling = 0;
    const newest = told;
    ask("/seen", { seq: newest }, true).catch(() => (told = newest - 1)); // told again when the line is back
  };
  const report = (page: string) => tell("/page", JSON.parse(page));
  const keep = (change: Partial<Known>) => {
    Object.assign(known, change);
    store.change(id, change);
    view.changed();
  };
  const hear = (e: Ev) => {
    if (!take(model, e)) return;
    if (e.seq) view.event(e);
    clearTimeout(typing);
    if (model.typing) typing = setTimeout(() => hear({ type: "typing" }), 30000);
    const done = model.state === "closed";
    if (done === known.done) return view.changed();
    if (done) store.draft.set();
    keep({ done });
  };
  /** Takes an event in and tells the other tabs. */
  const share = (e: Ev) => {
    const before = model.last;
    hear(e);
    tabs.tell({ e, before });
  };
  const open: Feed["open"] = (query, headers, { signal }) => request(config, token, `/${id}/events${query}`, headers, { signal });
  const run = (signal: AbortSignal) => {
    void outbox.flush(); // an earlier page or another tab may have left messages behind
    const before = async () => {
      share({ type: "snapshot", snapshot: now ?? (await ask<Snapshot>("?with=files")) });
      now = undefined;
      if (document.hidden) report(here()); // a service that was restarted believes that every page is in view
    };
    void follow({ ...view, pace, open, last: () => model.last, poll: store.poll, held: () => config.complain("buffer"), before, event: share }, signal);
  };
  const post: Mailer["post"] = ({ conversation: _, ...message }) => ask("/messages", message);
  const outbox = newOutbox(store.unsent, id, { ...view, pace, post }, end.signal);
  // a tab that has missed an event takes the lead, since its stream begins with that event
  const tabs = lead<Told>(`porchlight:${config.base}:${id}`, run, ({ e, before }) => (before > model.last ? tabs.claim() : hear(e)));
  const moved = (page: string) => {
    if (!tabs.leads() || !model.state || known.done) return;
    keep({ page });
    report(page);
  };
  watchPage(() => store.known.get()?.page, moved, end.signal);

  return {
    model,
    outbox,
    known,
    signal: end.signal,
    start: tabs.start,
    pause() {
      flush();
      if (tabs.leads()) tell("/leave", {});
      tabs.stop();
    },
    stop() {
      flush();
      tabs.stop();
      end.abort();
    },
    call: ask,
    tell,
    async email(email) {
      await ask("/email", { email });
      keep({ email });
    },
    live: () => isLive(model),
    unread: () => model.heard.filter((seq) => seq > known.seq).length,
    seenElsewhere(seq) {
      known.seq = told = Math.max(known.seq, seq);
      view.changed();
    },
    seen() {
      const newest = model.heard.at(-1) ?? 0;
      if (newest > known.seq) keep({ seq: newest });
      if (newest <= told) return;
      told = newest;
      telling ||= setTimeout(flush, (pace() - 1) * 3000); // over a slow line one note for several messages
    },
  };
}
