// What stands above the messages: how the request is doing, and what can be done about it.

import type { Problem } from "./api";
import { h, put } from "./dom";
import { newField } from "./field";
import { isTicket, wantsEmail, type Model } from "./model";
import type { Key, Say } from "./strings";

const reasons: Record<string, Key> = { solved: "solved", idle: "idle", "visitor-left": "gone" };

export interface Banner {
  node: HTMLElement;
  /** Fits the banner to the conversation. */
  show(m: Model, address: string): void;
}

/** `mail` tells the service the visitor's address; it throws a Problem. `anew` starts over. */
export function newBanner(say: Say, mail: (address: string) => Promise<void>, anew: () => void): Banner {
  const text = h("p");
  const place = h("small");
  const email = newField(say("email"), h("input", { name: "email", type: "email", autocomplete: "email", required: true }));
  const complain = (text: string) => {
    email.complain(text);
    email.input.focus();
  };
  const submit = (e: Event) => {
    e.preventDefault();
    if (!email.input.validity.valid) complain(say("address"));
    else mail(email.value).catch((why: Problem) => complain(why.errors.email || (!why.passing && why.detail) || say("failed")));
  };
  const form = h("form.mail", { noValidate: true, onsubmit: submit }, email.node, h("button.main", {}, say("send")));
  const again = h("button", { onclick: anew }, say("anew"));
  const node = h("div.banner", {}, h("div", { role: "status" }, text, place), form, again);

  return {
    node,
    show(m, address) {
      const closed = m.state === "closed";
      const ticket = isTicket(m);
      const wanted = wantsEmail(m);
      node.hidden = !m.state || (m.state === "active" && !ticket);
      form.hidden = !wanted;
      again.hidden = !closed && !ticket;
      again.className = closed ? "main" : "";
      put(text, closed ? say(reasons[m.reason] ?? "closed") : ticket ? say(address ? "ticket" : "ticketing", address) : say(wanted ? "nobody" : "waiting"));
      put(place, m.state === "waiting" && !ticket && m.position && !wanted ? say("place", m.position) : "");
    },
  };
}
