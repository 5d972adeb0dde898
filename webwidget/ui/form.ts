// The request form. What comes of it when it is sent lies with the conversation's part (see ask.ts).

import { h } from "./dom";
import { newField, type Field } from "./field";
import type { Home } from "./home";
import type { Known } from "./store";
import type { Status } from "./wire";

export interface Form {
  node: HTMLFormElement;
  session?: undefined;
  start?: undefined;
  /** The fields in their order, also those of the site. */
  fields: Field[];
  hint: HTMLElement;
  alert: HTMLElement;
  button: HTMLButtonElement;
  /** The signed identity; empty when there is none, or when the service did not take it. */
  identity: string;
  /** The visitor's answers to what the site asks. */
  more?: () => object;
  /** The department that the visitor wants. */
  chosen(): string;
  /** Fits the form to what is known. */
  paint(): void;
  /** Shows a text. If the service takes nothing from this page, it shows the way to the service's own page instead. */
  tell(node: HTMLElement, text: string): void;
  focus(): void;
  /** Fits the form to the service's state. */
  status(s: Status | undefined): void;
}

/** Opens the conversation for which one form asks. */
export interface Ask {
  /** Sends the form, unless that is under way. What is wrong is said in the form. */
  submit(): Promise<void>;
  /** The visitor has changed something in the form. */
  changed(): void;
}

/**
 * Makes the form that asks for name, address and reason. `old` is what this browser knows about the visitor. `ask` fetches what
 * opens the conversation, and gives it to its argument, or calls `failed`.
 */
export function newForm(home: Home, old: Partial<Known>, ask: (form: Form, use: (ask: Ask) => void, failed: () => void) => void): Form {
  const { config, say, store } = home;
  const { draft } = store;
  let state: Status | undefined;
  const hint = h("p", { role: "status" });
  const alert = h("p.wrong", { role: "alert" });
  const button = h("button.main", {}, say("ask"));
  const optional = ` (${say("optional")})`;
  const paint = () => {
    const status = state?.departments?.find((d) => d.name === chosen()) ?? state;
    const offline = status?.status === "offline";
    tell(hint, say(offline ? "away" : "hello"));
    const said = hint.firstChild!;
    const hours = state?.hours;
    if (offline) home.layer("back", (part: typeof import("./back")) => part.back(said, say, config, hours));
    else if (status && config.pace() < 2) home.layer("faces", (part: typeof import("./faces")) => part.greet(said, home, chosen()));
    email.input.required = offline;
    email.label.textContent = say("email");
    if (!offline) email.label.textContent += optional;
    name.node.hidden = email.node.hidden = !!form.identity; // a signed identity tells both
  };
  const tell = (node: HTMLElement, text: string) => {
    node.textContent = text;
    if (config.foreign) home.layer("amiss", (part: typeof import("./amiss")) => part.redirect(node, home));
  };
  const department = newField(say, h("select", { name: "department", onchange: paint }));
  const name = newField(say, h("input", { name: "name", autocomplete: "name", value: old.name ?? "" }));
  const email = newField(say, h("input", { name: "email", type: "email", autocomplete: "email", value: old.email ?? "" }));
  const reason = newField(say, h("textarea", { name: "reason", rows: 4, required: true, value: draft.get() ?? "", oninput: () => draft.set(reason.value) }));
  name.label.textContent += optional;
  const fields = [department, name, email, reason];
  const more = config.custom?.form(say, fields, hint, button); // it adds fields
  const chosen = () => config.department || department.value;
  const submit = (e: Event) => {
    e.preventDefault();
    alert.textContent = "";
    ask(form, (a) => a.submit(), () => (alert.textContent = say("lacking")));
  };
  const input = () => ask(form, (a) => a.changed(), () => {});

  const form: Form = {
    node: h("form.ask", { noValidate: true, onsubmit: submit, oninput: input }, hint, ...fields.map((f) => f.node), alert, button),
    fields,
    hint,
    alert,
    button,
    identity: config.identity,
    more,
    chosen,
    paint,
    tell,
    focus: () => (name.node.hidden || name.value ? reason : name).input.focus(),
    status(s) {
      state = s;
      const choice = (!config.department && s?.departments) || [];
      const { node, input, value } = department;
      node.hidden = choice.length < 2;
      input.replaceChildren(
        ...choice.map((d) => h("option", { value: d.name, selected: d.name === value }, `${d.title || d.name} (${d.status})`)),
      );
      paint();
    },
  };
  return form;
}
