// The messages on the screen. A `role=log` is only ever appended to (messages not sent yet stay last).

import { linked, linkedFile } from "./bubble";
import { h } from "./dom";
import { clock, fill, newEntry, quote, react, type Entry } from "./entry";
import type { Ev, Home, Receipts, Unsent } from "./types";

/** A message that may be edited. */
export interface Draft {
  seq: number;
  text: string;
}

/** The messages of one conversation. */
export interface Log {
  node: HTMLElement;
  /** Whether the newest message is in view. */
  atEnd(): boolean;
  toEnd(): void;
  /** Shows an event; `old` ones are not read out by screen readers. */
  add(e: Ev, old: boolean): void;
  /** Shows a message or an edit that is not sent yet. */
  pend(u: Unsent): void;
  /** The service has stored what was pending as `seq`; its event may come before or after. */
  stored(client_id: string, seq: number): void;
  /** Takes back what the service refused. */
  drop(client_id: string): void;
  /** Says under the visitor's last message how far it has come, never more than is proved; in an open conversation it can be edited. */
  ticks(receipts: Receipts, isOpen: boolean): void;
  /** Says anything else there. */
  hint(text: string): void;
  /** The visitor's last message, if the service has it and it can be edited. */
  draft(): Draft | undefined;
}

/** `edit` is called to take the last message up again, `scrolled` when another part of the log is in view. */
export function newLog({ config, say }: Home, edit: () => void, scrolled: () => void): Log {
  const tick = h("span", { "aria-live": "off" });
  const pen = h("button.pen", { ariaLabel: say("edit"), onclick: edit }, "✎");
  const end = h("span"); // what is not sent yet stands behind this
  const entries = new Map<unknown, Entry>(); // by seq, and the visitor's by client_id
  let mine: Entry | undefined; // the visitor's last message
  let open = false;
  let speaker = "";
  let height = 0;
  let follow = true; // the newest message was in view when last scrolled

  const node = h("div.log", { role: "log", tabIndex: 0, ariaLabel: say("log") }, end);
  const atEnd = () => node.scrollHeight - node.scrollTop - node.clientHeight < 40;
  const toEnd = () => (node.scrollTop = 1e9);
  const stay = () => {
    height = node.clientHeight;
    if (follow) toEnd();
  };
  node.onscroll = () => {
    if (height === node.clientHeight) follow = atEnd(); // else it is the layout that scrolls: stay comes next
    scrolled();
  };
  new ResizeObserver(stay).observe(node);
  node.addEventListener("load", stay, true); // a picture has found its size

  const hint = (text: string) => (tick.textContent = text);
  const last = (entry: Entry) => (mine = entry).meta.append(pen, tick);

  const draft = () => (open && mine?.upto && mine.text ? { seq: mine.seq!, text: mine.text } : undefined);
  const edited = () => h("small", {}, ` (${say("edited")})`);

  const message = (e: Ev) => {
    const { seq, name = "", from, file } = e;
    const me = from === "visitor";
    const entry = (me && (entries.get(e.client_id) ?? entries.get(seq))) || newEntry(me, me ? say("you") : name);
    entry.seq = entry.upto = seq;
    entry.text = e.text;
    if (file) fill(entry, file.name, ...linkedFile(file, config.base));
    else fill(entry, e.text!, ...linked(e.text!));
    entries.set(seq, entry);
    const of = entries.get(e.reply_to);
    if (of) quote(entry, of, say);
    entry.meta.prepend(clock(new Date(e.at!)));
    entry.node.classList.toggle("first", from + name !== speaker);
    speaker = from + name;
    end.before(entry.node);
    if (me && (!mine || mine.seq)) last(entry); // else a later one is under way
  };

  /** A reaction, a correction or a retraction; of a message that is not here there is nothing to show. */
  const change = (entry: Entry | undefined, e: Ev) => {
    if (!entry) return;
    if (e.to) return react(entry, e);
    entries.set(e.seq, entry); // a correction may itself be corrected
    entry.text = e.text;
    if (e.from === "visitor") entry.upto = e.seq;
    entry.node.classList.toggle("removed", e.type === "retraction");
    if (e.type === "retraction") fill(entry, say("removed"), say("removed"));
    else fill(entry, e.text!, ...linked(e.text!), edited());
  };

  const note = (text: string) => {
    end.before(h("div.entry.note", { dir: "auto" }, ...linked(text)));
    speaker = "";
  };

  return {
    node,
    atEnd,
    toEnd,
    hint,
    add(e, silent) {
      const stay = atEnd();
      node.ariaLive = silent ? "off" : "polite";
      const to = e.to ?? e.replaces;
      if (to) change(entries.get(to), e);
      else if (e.type === "operator") note(say(e.action === "left" ? "left" : "joined", e.name));
      else if (e.from === "system") note(e.text!);
      else if (e.type === "message" || e.file) message(e);
      if (stay) toEnd();
    },
    pend({ client_id, text, replaces }) {
      const old = entries.get(replaces);
      if (replaces && !old) return; // not loaded yet
      const entry = old ?? newEntry(true, say("you"));
      const { brief, upto } = entry;
      const was = [...entry.body.childNodes];
      const before = mine;
      entry.undo = () => {
        fill(entry, brief, ...was);
        entry.upto = upto;
        if (old) return;
        entry.node.remove();
        if (mine === entry && (mine = before)) last(mine);
      };
      entries.set(client_id, entry);
      entry.upto = 0;
      fill(entry, text, ...linked(text), old ? edited() : "");
      if (!old) {
        node.append(entry.node);
        last(entry);
      }
      pen.hidden = true;
      hint(say("sending"));
      toEnd();
    },
    stored(client_id, seq) {
      const entry = entries.get(client_id);
      if (!entry) return; // another tab's
      entry.seq ??= seq;
      entry.upto = seq;
      entries.set(seq, entry);
    },
    drop: (client_id) => entries.get(client_id)?.undo!(),
    ticks(receipts, isOpen) {
      const seq = mine?.upto;
      open = isOpen;
      pen.hidden = !draft();
      if (!seq) return;
      const step = (["seen", "delivered", "confirmed"] as const).find((s) => receipts[s] >= seq);
      hint((step ? "✓✓ " : "✓ ") + say(step ?? "stored"));
    },
    draft,
  };
}
