// What is wrong with a request form or its page. Fetched when something is.

import type { Problem } from "./api";
import { h } from "./dom";
import type { Field } from "./field";
import type { Home } from "./home";
import type { Say } from "./say";

/** This part adds no styles. */
export const css = "";

/** What this needs of the form. */
interface Form {
  fields: Field[];
  hint: HTMLElement;
  alert: HTMLElement;
  identity: string;
  paint(): void;
  tell(node: HTMLElement, text: string): void;
}

/** Shows what is wrong beside the fields, and moves the focus to the first wrong one. Returns whether there is one. */
function complain({ fields }: Form, what: (field: Field) => string | undefined): boolean {
  const wrong = fields.filter((field) => {
    const text = what(field);
    field.complain(text);
    return text;
  });
  wrong[0]?.input.focus();
  return !!wrong[0];
}

/** Shows the way to the service's own page, since the service takes nothing from this one. */
export function redirect(node: HTMLElement, { config: { base, query }, say }: Home): void {
  node.replaceChildren(say("foreign") + " ", h("a", { href: base + "/chat" + query, target: "_blank", rel: "noopener noreferrer nofollow" }, say("title")));
}

/** Says which fields lack something. */
export function check(form: Form, say: Say): void {
  complain(form, ({ node, input, value }) => {
    if (node.hidden) return;
    if (input.required && !value) return say("fill");
    return input.validity.valid ? undefined : say("address");
  });
}

/**
 * Takes that `send` has failed with `why`. While very many ask, the service wants a proof of work, and with it `body` is sent again.
 * Returns the service's answer. If it stays a failure, that is said in the form, and `failed` gets why.
 */
export async function amend<T>(form: Form, say: Say, send: (body: object) => Promise<T>, body: object, why: Problem, failed: (why: Problem) => void): Promise<T | void> {
  try {
    if (!why.challenge) throw why;
    form.hint.textContent = say("proving");
    const { prove } = await import("./proof").catch(() => Promise.reject({ ...why, detail: "" })); // a visitor could not do what the detail says
    return await prove(send, body, why);
  } catch (error) {
    const { errors, detail } = (why = error as Problem);
    failed(why);
    if (errors.identity) form.identity = "";
    form.paint();
    if (!complain(form, ({ input }) => errors[input.name])) form.tell(form.alert, detail || say("failed"));
  }
}
