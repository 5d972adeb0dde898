// What the banner says and offers once a chat has ended, or is answered by mail.

import { queued, waits, type Banner } from "./banner";
import { h, put } from "./dom";
import { newMail } from "./mail";
import { wantsEmail, type Model } from "./model";
import type { Key, Say } from "./say";

const reasons: Record<string, Key> = { solved: "solved", idle: "idle", merged: "merged", "visitor-left": "gone" };

/** What the visitor can do. */
export interface Offers {
  /** Has the answer sent to an address; throws a Problem. */
  mail(address: string): Promise<void>;
  /** Begins another conversation. */
  anew(): void;
}

/** Fills the banner of a conversation, whose answer goes to `address` if there is one. */
export function ending(say: Say, { node, text, queue }: Banner, m: Model, address: string, offers: Offers): void {
  if (!node.lastElementChild!.matches("button")) node.append(h("div"), h("button", { onclick: offers.anew }, say("anew")));
  const [form, again] = [...node.children].slice(-2) as [HTMLElement, HTMLElement];
  const closed = m.state === "closed";
  const { ticket } = m;
  const wanted = wantsEmail(m);
  form.hidden = !wanted;
  if (wanted && !form.firstChild) form.append(newMail(say, offers.mail));
  again.hidden = !closed && !ticket;
  again.className = closed ? "main" : "";
  const mailed = () => say(!address ? "ticketing" : m.state === "active" ? "both" : "ticket", address);
  put(text, closed ? say(reasons[m.reason] ?? "closed") : ticket ? mailed() : wanted ? say("nobody") : waits(say, m));
  if (closed) put(queue, m.by && say("endedBy", m.by));
  else put(queue, m.state === "waiting" && !ticket && m.position && !wanted ? queued(say, m) : "");
}
