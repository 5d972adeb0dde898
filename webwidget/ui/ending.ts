// What the banner says and offers once a chat has ended, or is answered by mail.

import { queued, waits, type Banner } from "./banner";
import type { Composer } from "./composer";
import { h, setText } from "./dom";
import type { Home } from "./home";
import { newMail } from "./mail";
import { wantsEmail } from "./model";
import type { Key } from "./say";
import type { Session } from "./session";

/** It inherits nothing, since a reason may be any word. */
const reasons: Record<string, Key> = { __proto__: null as never, solved: "solved", idle: "idle", merged: "merged", "visitor-left": "gone" };

/** Fills the banner. `anew` begins another conversation. */
export function ending(home: Home, session: Session, { node, text, queue }: Banner, composer: Composer, anew: () => void): void {
  const { say } = home;
  const { model: m, known } = session;
  if (!node.lastElementChild!.matches("button")) node.append(h("div"), h("button", { onclick: anew }, say("anew")));
  const [form, again] = [...node.children].slice(-2) as [HTMLElement, HTMLElement];
  const closed = m.state === "closed";
  const { ticket } = m;
  const wanted = wantsEmail(m);
  form.hidden = !wanted;
  if (wanted && !form.firstChild) form.append(newMail(say, session.email));
  again.hidden = !closed && !ticket;
  again.className = closed ? "main" : "";
  const mailed = () => say(!known.email ? "ticketing" : m.state === "active" ? "both" : "ticket", known.email);
  setText(text, closed ? say(reasons[m.reason] ?? "closed") : ticket ? mailed() : wanted ? say("nobody") : waits(say, m));
  if (closed) setText(queue, m.endedBy && say("endedBy", m.endedBy));
  else setText(queue, m.state === "waiting" && !ticket && m.position && !wanted ? queued(say, m) : "");
  composer.hint(say(closed ? "again" : "write"));
  after(home, session, composer, closed);
}

/** Shows above the composer what can be done with a chat that is over, and takes that away when the chat goes on. */
function after(home: Home, session: Session, { node }: Composer, closed: boolean): void {
  const shown = node.parentNode!.querySelector(".after");
  if (closed === !!shown) return;
  if (shown) return shown.remove();
  const place = h("div.after");
  node.before(place);
  home.layer("vote", (part: typeof import("./vote")) => part.fillAfter(place, home, session));
}
