// The question before a chat ends. It can go on by mail instead, where the service sends mail.

import type { Composer } from "./composer";
import { h } from "./dom";
import { newMail } from "./mail";
import type { Say } from "./say";
import type { Session } from "./session";

/** Asks above the composer whether the chat shall end, and calls `end` if so. */
export function askEnd(say: Say, { node, focus }: Composer, session: Session, end: () => void): void {
  const answer = (then: () => void) => () => {
    bar.remove();
    focus();
    then();
  };
  const yes = h("button.main", { onclick: answer(end) }, say("end"));
  const no = h("button", { onclick: answer(() => {}) }, say("stay"));
  const bar = h("div.bar.sure", { role: "group", ariaLabel: say("sure") }, h("span", {}, say("sure")), yes, no);
  bar.onkeydown = (e) => {
    if (e.key !== "Escape" || e.isComposing) return;
    e.stopPropagation(); // the panel stays open
    no.click();
  };
  const told = (email: string) => {
    bar.replaceChildren(h("span", { role: "status" }, say("both", email)), no);
    no.focus();
  };
  const mail = () => {
    const { email } = session.known;
    if (email) return told(email);
    bar.replaceChildren(newMail(say, (address) => session.email(address).then(() => told(address))), no);
    bar.querySelector("input")!.focus();
  };
  node.parentNode!.querySelector(".sure")?.remove(); // an earlier question without an answer
  node.before(bar);
  yes.focus();
  session.call<{ mail?: boolean }>("?with=mail").then(
    (now) => now.mail && yes.parentNode && no.after(h("button", { onclick: mail }, say("goOn"))),
    () => {},
  );
}
