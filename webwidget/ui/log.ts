// The messages on the screen. A `role=log` is only ever appended to (messages not sent yet stay last).

import { h } from "./dom";
import type { Say } from "./strings";
import type { Ev, Receipts } from "./types";

interface Entry {
  node: HTMLElement;
  text: HTMLElement;
  meta: HTMLElement;
  /** Its place in the log; a message not stored yet has none. */
  seq?: number;
}

/** The messages of one conversation. */
export class Log {
  readonly node: HTMLElement;
  readonly #tick = h("span", { "aria-live": "off" });
  readonly #end = h("span"); // what is not sent yet stands behind this
  readonly #entries = new Map<unknown, Entry>(); // by seq, and the visitor's by client_id
  #mine: Entry | undefined; // the visitor's last message
  #speaker = "";
  #follow = true; // the newest message was in view when last scrolled

  constructor(private readonly say: Say) {
    this.node = h("div.log", { role: "log", tabIndex: 0, "aria-label": say("log") }, this.#end);
    this.node.onscroll = () => (this.#follow = this.atEnd);
    new ResizeObserver(() => this.#follow && this.toEnd()).observe(this.node);
  }

  /** Whether the newest message is in view. */
  get atEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.node;
    return scrollHeight - scrollTop - clientHeight < 40;
  }

  toEnd(): void {
    this.node.scrollTop = 1e9;
  }

  /** Shows an event; `old` ones are not read out by screen readers. */
  add(e: Ev, old: boolean): void {
    const follow = this.atEnd;
    this.node.ariaLive = old ? "off" : "polite";
    if (e.replaces) this.#replace(e);
    else if (e.type === "operator") this.#note(this.say(e.action === "left" ? "left" : "joined", e.name));
    else if (e.from === "system") this.#note(e.text!);
    else if (e.type === "message") this.#message(e);
    if (follow) this.toEnd();
  }

  /** Shows a message that is not sent yet. */
  pend(client_id: string, text: string): void {
    const entry = this.#entry(true, this.say("you"), text);
    this.#entries.set(client_id, entry);
    this.node.append(entry.node);
    this.#last(entry);
    this.hint(this.say("sending"));
    this.toEnd();
  }

  /** The service has stored a pending message as `seq`; its event may come before or after. */
  stored(client_id: string, seq: number): void {
    const entry = this.#entries.get(client_id);
    if (!entry) return; // another tab's
    entry.seq = seq;
    this.#entries.set(seq, entry);
  }

  /** Takes back a message that the service refused. */
  drop(client_id: string): void {
    this.#entries.get(client_id)?.node.remove();
    this.#mine = undefined;
  }

  /** Says under the visitor's last message how far it has come: never more than is proved. */
  ticks(receipts: Receipts): void {
    const seq = this.#mine?.seq;
    if (!seq) return;
    const step = (["seen", "delivered", "confirmed"] as const).find((s) => receipts[s] >= seq);
    this.hint((step ? "✓✓ " : "✓ ") + this.say(step ?? "stored"));
  }

  /** Says anything else there. */
  hint(text: string): void {
    this.#tick.textContent = text;
  }

  #last(entry: Entry): void {
    this.#mine = entry;
    entry.meta.append(this.#tick);
  }

  #message(e: Ev): void {
    const { seq, name = "", text = "", from } = e;
    const mine = from === "visitor";
    const known = mine && (this.#entries.get(e.client_id) ?? this.#entries.get(seq));
    const entry = known || this.#entry(mine, mine ? this.say("you") : name, text);
    entry.seq = seq;
    this.#entries.set(seq, entry);
    entry.meta.prepend(this.#clock(new Date(e.at!)));
    entry.node.classList.toggle("first", from + name !== this.#speaker);
    this.#speaker = from + name;
    this.#end.before(entry.node);
    if (mine && (!this.#mine || this.#mine.seq)) this.#last(entry); // else a later one is under way
  }

  /** The time as the browser's owner is used to read it. */
  #clock(at: Date): string {
    const today = at.toDateString() === new Date().toDateString();
    return at.toLocaleString([], { timeStyle: "short", dateStyle: today ? undefined : "medium" });
  }

  #entry(mine: boolean, name: string, text: string): Entry {
    const body = h("p", { dir: "auto" }, ...linked(text));
    const meta = h("div.meta");
    const who = mine ? "" : h("div.who", { ariaHidden: "true" }, name);
    return { node: h(`div.entry.${mine ? "me" : "them"}`, {}, h("span.hide", {}, name + ": "), who, body, meta), text: body, meta };
  }

  #note(text: string): void {
    this.#end.before(h("div.entry.note", { dir: "auto" }, ...linked(text)));
    this.#speaker = "";
  }

  #replace(e: Ev): void {
    const entry = this.#entries.get(e.replaces);
    if (!entry) return;
    this.#entries.set(e.seq, entry); // a correction may itself be corrected
    const retracted = e.type === "retraction";
    entry.node.classList.toggle("removed", retracted);
    entry.text.replaceChildren(...(retracted ? [this.say("removed")] : [...linked(e.text!), h("small", {}, ` (${this.say("edited")})`)]));
  }
}

const anchor = (href: string, text: string) => h("a", { href, target: "_blank", rel: "noopener noreferrer" }, text);

/** The text with its web addresses as links. */
function linked(text: string): (Node | string)[] {
  return text.split(/(https?:\/\/[^\s<>"]*[^\s<>"'.,;:!?)\]])/).map((part, i) => (i % 2 ? anchor(part, part) : part));
}
