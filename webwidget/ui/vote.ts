// What the visitor can do with a chat that is over: say how it was, and have it sent by mail.

import type { Problem } from "./api";
import { h, setText } from "./dom";
import type { Home } from "./home";
import { icon } from "./look";
import { newMail } from "./mail";
import type { Key, Say } from "./say";
import type { Session } from "./session";

export { default as css } from "./vote.css";

/** What the service says of the visitor's vote, and whether it sends mail. */
interface Ballot {
  feedback?: { open: boolean; score?: number; comment?: string };
  mail?: boolean;
}

/** The words for the scores, from 1 to 5. */
const scores: Key[] = ["worst", "bad", "fair", "good", "best"];

/** Fills a place with both, as far as the service says that they are possible. */
export function fillAfter(node: HTMLElement, { say, config }: Home, session: Session): void {
  session.call<Ballot>("?with=feedback,mail").then(
    ({ feedback, mail }) => {
      if (feedback) node.append(newVote(say, session, feedback, (score) => config.scripts?.rated(session.known.number, score)));
      if (mail) node.append(newTranscript(say, session));
    },
    () => {}, // nothing can be done without the line
  );
}

/** Makes the stars. `rated` is called when the service has taken the visitor's vote. */
function newVote(say: Say, session: Session, { open, score = 0, comment = "" }: NonNullable<Ballot["feedback"]>, rated: (score: number) => void): HTMLElement {
  let chosen = score;
  const told = h("p", { role: "status" });
  const alert = h("p.wrong", { role: "alert" });
  const words = h("textarea", { name: "comment", rows: 2, dir: "auto", maxLength: 2000, value: comment, ariaLabel: say("comment"), placeholder: say("comment") });
  const send = h("button.main", {}, say("vote"));
  const paint = () => {
    stars.forEach((star, i) => star.classList.toggle("on", i < chosen));
    setText(legend, chosen ? say(scores[chosen - 1]!) : say("rate"));
    words.hidden = send.hidden = !chosen || !open;
  };
  const stars = scores.map((key, i) => {
    const pick = () => {
      chosen = i + 1;
      setText(told, "");
      paint();
    };
    const input = h("input.hide", { type: "radio", name: "score", value: i + 1, checked: i + 1 === score, disabled: !open, ariaLabel: say(key), onchange: pick });
    return h("label.star", {}, input, icon("M16 4l3.7 7.8 8.5 1.1-6.2 5.9 1.6 8.4L16 23.1l-7.6 4.1 1.6-8.4-6.2-5.9 8.5-1.1z"));
  });
  const submit = (e: Event) => {
    e.preventDefault();
    send.disabled = true;
    setText(alert, "");
    const score = chosen;
    const taken = () => {
      setText(told, say("thanks"));
      rated(score);
    };
    session
      .call("/feedback", { score, comment: words.value.trim() })
      .then(taken, (why: Problem) => setText(alert, why.detail || say("failed")))
      .finally(() => (send.disabled = false));
  };
  const legend = h("legend");
  const node = h("form.vote", { onsubmit: submit }, h("fieldset", {}, legend, h("div.stars", {}, ...stars)), words, alert, told, send);
  paint();
  return node;
}

/** A button that asks for an address, and sends the chat there. */
function newTranscript(say: Say, session: Session): HTMLElement {
  const told = h("p", { role: "status" });
  const ask = h("button", { type: "button" }, say("transcript"));
  const sent = (email: string) =>
    session.call("/transcript", { email }).then(() => {
      form.remove();
      setText(told, say("mailed", email));
    });
  const form = newMail(say, sent, session.known.email);
  ask.onclick = () => {
    ask.replaceWith(form);
    form.querySelector("input")!.focus();
  };
  return h("div.transcript", {}, ask, told);
}
