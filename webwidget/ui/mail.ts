// The form for an address: the visitor is answered by mail when nobody is free, or gets the chat when it is over.

import type { Problem } from "./api";
import { h } from "./dom";
import { newField } from "./field";
import type { Say } from "./say";

/** Makes the form. `mail` tells the service the address; it throws a Problem. `value` is the address that is known. */
export function newMail(say: Say, mail: (address: string) => Promise<void>, value = ""): HTMLElement {
  const email = newField(say, h("input", { name: "email", type: "email", autocomplete: "email", required: true, value }));
  const complain = (text: string) => {
    email.complain(text);
    email.input.focus();
  };
  const submit = (e: Event) => {
    e.preventDefault();
    if (!email.input.validity.valid) complain(say("address"));
    else mail(email.value).catch((why: Problem) => complain(why.errors.email || (!why.passing && why.detail) || say("failed")));
  };
  return h("form.mail", { noValidate: true, onsubmit: submit }, email.node, h("button.main", {}, say("send")));
}
