// The messages on the screen. New ones are only appended, as a `role=log` demands; messages that are not sent yet stay last.

import { h } from "./dom";
import { linked, newEntry, write, type Entry } from "./entry";
import { newPainter, type Rare } from "./painter";
import { keepEnd, type Scroll } from "./scroll";
import { newTail, stored, type Tail } from "./tail";
import type { Home } from "./home";
import type { Ev, Unsent } from "./wire";

/** The messages of one conversation. */
export interface Log extends Scroll {
  node: HTMLElement;
  /** The line below the visitor's last message. */
  tail: Tail;
  /** The entry of an event, if there is one. */
  entry(seq: number): Entry | undefined;
  /** Shows an event. Screen readers don't read out an `old` one. */
  add(e: Ev, old: boolean): void;
  /** Shows the request that opened the conversation until its event comes. The service has the request already. */
  first(text: string): void;
  /** Shows a message or an edit that is not sent yet. */
  pend(u: Unsent): void;
  /** Takes in that the service has stored a pending message or edit as `seq`. Its event may come before or after. */
  stored(pending: Unsent, seq: number): void;
  /** Removes a pending message or edit that the service refused. */
  drop(client_id: string): void;
}

/** Makes the log. `rare` fetches what rare messages need. It calls `edit` when the visitor wants to edit the last message, and `scrolled` when another part is in view. */
export function newLog(home: Home, rare: Rare, edit: () => void, scrolled: () => void): Log {
  const { say } = home;
  const entries = new Map<unknown, Entry>(); // by seq and by node; the visitor's also by client_id
  const end = h("span"); // messages that are not sent yet stand behind this
  const node = h("div.log", { role: "log", tabIndex: 0, ariaLabel: say("log") }, end);
  const scroll = keepEnd(node, scrolled, () => {
    if (node.childElementCount > 202) import("./early").then((part) => scroll.during(() => part.shorten(node)), () => {});
  });
  const painter = newPainter(home, rare, scroll.during);
  const tail = newTail(say, edit);
  let speaker = ""; // who wrote the newest message, unless a note stands behind it
  let time = new Text(); // when that was
  let day = new Date().toDateString();
  let reason: Entry | undefined; // the request, until its event comes, which is the first message

  /** Inserts an entry before `place`. Then the tail follows the visitor's last entry, which may be another one now. */
  const insert = (entry: Entry, place: Node | null) => {
    entries.set(entry.node, entry);
    node.insertBefore(entry.node, place);
    if (entry.node.matches(".me")) settle();
  };
  const settle = () => {
    let last = node.lastElementChild;
    while (last && !last.matches(".me")) last = last.previousElementSibling;
    tail.follow(entries.get(last));
  };

  /** Draws a note with the date if an event is of another day than what stands above it; at the top, than today. */
  const date = ({ at }: Ev) => {
    const then = new Date(at!);
    if (day !== (day = then.toDateString())) fill((part, note) => part.dayNote(note, then, home.config.speaks));
    return then;
  };
  const message = (e: Ev) => {
    const { seq, name = "", from } = e;
    const me = from === "visitor";
    const at = date(e).toLocaleTimeString(home.config.speaks, { timeStyle: "short" });
    const entry = (me && (entries.get(e.client_id) ?? entries.get(seq) ?? reason)) || newEntry(me, me ? say("you") : name);
    if (me) reason = undefined;
    entries.set(seq, entry);
    entry.seq = entry.upto = seq;
    painter.message(entry, e, entries.get(e.reply_to));
    const first = from + name !== speaker;
    if (!first && time.data === at) time.remove(); // one time for what one side writes within a minute
    entry.meta.prepend((time = new Text(at)));
    entry.node.classList.toggle("first", first);
    speaker = from + name;
    insert(entry, end);
  };
  /** Changes an entry, unless the log does not show that message. */
  const change = (entry: Entry | undefined, e: Ev) => {
    if (!entry) return;
    if (!e.to) entries.set(e.seq, entry); // a correction may itself be corrected
    if (e.from === "visitor") entry.upto = e.seq;
    painter.change(entry, e);
  };
  const note = (text: string) => {
    const node = h("div.entry.note", { dir: "auto" }, linked(text));
    end.before(node);
    speaker = "";
    return node;
  };
  /** Draws a note whose words come with the extras. */
  const fill = (use: (part: typeof import("./extras"), note: HTMLElement) => void) => {
    const empty = note("");
    rare.extras((part) => scroll.during(() => use(part, empty)));
  };

  return {
    ...scroll,
    node,
    tail,
    entry: (seq) => entries.get(seq),
    add: (e, old) =>
      scroll.during(() => {
        node.ariaLive = old ? "off" : "polite";
        const to = e.to ?? e.replaces;
        if (to) change(entries.get(to), e);
        else if (e.type === "operator" || e.from === "system") {
          date(e);
          if (e.action === "left") fill((part, note) => part.leftNote(note, e, say));
          else note(e.text ?? say("joined", e.name));
        } else if (e.type === "message" || e.file) message(e);
      }),
    first(text) {
      write((reason = newEntry(true, say("you"))), text);
      insert(reason, end);
      tail.hint(say("stored"), stored);
    },
    pend({ client_id, text, replaces }) {
      const old = entries.get(replaces);
      if (replaces && !old) return; // not loaded yet
      const entry = old ?? newEntry(true, say("you"));
      entries.set(client_id, entry);
      entry.was = entry.upto || entry.was;
      entry.upto = 0;
      write(entry, text, old ? painter.edited : "");
      if (!old) insert(entry, null);
      tail.hint(say("sending"));
      scroll.toEnd();
    },
    stored({ client_id, text }, seq) {
      const entry = entries.get(client_id);
      if (!entry) return; // another tab sent it
      entries.set(seq, entry);
      entry.seq ??= seq;
      if (entry.upto) return; // its event came first, and perhaps that of a later edit
      entry.upto = seq;
      entry.text = text;
    },
    drop(client_id) {
      const entry = entries.get(client_id);
      if (!entry) return; // another tab sent it, or it is the edit of a message that is not loaded yet
      entry.upto ||= entry.was;
      if (entry.text) write(entry, entry.text, entry.mark);
      if (entry.seq) return;
      entry.node.remove();
      settle();
    },
  };
}
