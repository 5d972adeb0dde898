// What stands above the messages: how the request is doing, and what can be done about it.

import type { Problem } from "./api";
import { h } from "./dom";
import { Field } from "./field";
import { isTicket, wantsEmail, type Model } from "./model";
import type { Key, Say } from "./strings";

const reasons: Record<string, Key> = { solved: "solved", idle: "idle", "visitor-left": "gone" };

export class Banner {
  readonly node: HTMLElement;
  readonly #text = h("p");
  readonly #place = h("small");
  readonly #email: Field;
  readonly #mail: HTMLFormElement;
  readonly #anew: HTMLButtonElement;

  /** `email` tells the service the visitor's address; it throws a Problem. `anew` starts over. */
  constructor(
    private readonly say: Say,
    email: (address: string) => Promise<void>,
    anew: () => void,
  ) {
    this.#email = new Field(say("email"), h("input", { name: "email", type: "email", autocomplete: "email", required: true }));
    this.#mail = h("form.mail", { noValidate: true }, this.#email.node, h("button.main", {}, say("send")));
    this.#mail.onsubmit = (e) => {
      e.preventDefault();
      const { input, value } = this.#email;
      if (!input.validity.valid) this.#complain(say("address"));
      else email(value).catch((why: Problem) => this.#complain(why.errors.email || (!why.passing && why.detail) || say("failed")));
    };
    this.#anew = h("button", { onclick: anew }, say("anew"));
    this.node = h("div.banner", {}, h("div", { role: "status" }, this.#text, this.#place), this.#mail, this.#anew);
  }

  /** Fits the banner to the conversation. */
  show(m: Model, address: string): void {
    const closed = m.state === "closed";
    const mail = wantsEmail(m);
    const waiting = m.state === "waiting" && !isTicket(m);
    this.node.hidden = !m.state || (m.state === "active" && !isTicket(m));
    this.#mail.hidden = !mail;
    this.#anew.hidden = !closed && !isTicket(m);
    this.#anew.className = closed ? "main" : "";
    put(this.#text, this.#what(m, closed, mail, address));
    put(this.#place, waiting && m.position && !mail ? this.say("place", m.position) : "");
  }

  #what(m: Model, closed: boolean, mail: boolean, address: string): string {
    if (closed) return this.say(reasons[m.reason] ?? "closed");
    if (isTicket(m)) return address ? this.say("ticket", address) : this.say("ticketing");
    return this.say(mail ? "nobody" : "waiting");
  }

  #complain(text: string): void {
    this.#email.complain(text);
    this.#email.input.focus();
  }
}

/** Changes a text only if it differs: a live region would be read out again. */
export function put(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}
