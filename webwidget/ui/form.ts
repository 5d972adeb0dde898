// The request form.

import { call, newID, type Problem } from "./api";
import { h } from "./dom";
import { Field } from "./field";
import type { Known } from "./store";
import type { Say } from "./strings";
import type { Config, Status } from "./types";

/** Answer of `POST /v1/conversations`. */
interface Opened {
  id: string;
  token: string;
  number: number;
  state: "waiting" | "ticket";
}

/** Asks for name, address and reason, and opens the conversation. */
export class Form {
  readonly node: HTMLFormElement;
  readonly #fields: Record<"department" | "name" | "email" | "reason", Field>;
  readonly #hint = h("p", { role: "status" });
  readonly #alert = h("p.wrong", { role: "alert" });
  readonly #button: HTMLButtonElement;
  #client_id = "";
  #identity: string;
  #status: Status | undefined;

  /** `old` is what is known of the visitor; `done` gets the new conversation. */
  constructor(
    private readonly config: Config,
    private readonly say: Say,
    private readonly old: Partial<Known>,
    private readonly done: (known: Known, state: string) => void,
  ) {
    const { name = "", email = "" } = old;
    this.#identity = config.identity;
    const fields = (this.#fields = {
      department: new Field(say("department"), h("select", { name: "department", onchange: () => this.#paint() })),
      name: new Field(say("name"), h("input", { name: "name", autocomplete: "name", value: name })),
      email: new Field(say("email"), h("input", { name: "email", type: "email", autocomplete: "email", value: email })),
      reason: new Field(say("reason"), h("textarea", { name: "reason", rows: 4, required: true })),
    });
    this.#button = h("button.main", {}, say("ask"));
    const nodes = Object.values(fields).map((f) => f.node);
    this.node = h("form.ask", { noValidate: true }, this.#hint, ...nodes, this.#alert, this.#button);
    this.node.onsubmit = (e) => {
      e.preventDefault();
      void this.#submit();
    };
  }

  focus(): void {
    const { name, reason } = this.#fields;
    (name.node.hidden || name.value ? reason : name).input.focus();
  }

  /** Fits the form to the service's state. */
  status(s: Status | undefined): void {
    this.#status = s;
    const { node, input, value } = this.#fields.department;
    const choice = (!this.config.department && s?.departments) || [];
    node.hidden = choice.length < 2;
    input.replaceChildren(
      ...choice.map((d) => h("option", { value: d.name, selected: d.name === value }, `${d.title || d.name} (${d.status})`)),
    );
    this.#paint();
  }

  #department(): string {
    return this.config.department || this.#fields.department.value;
  }

  #paint(): void {
    const { name, email } = this.#fields;
    const status = this.#status?.departments?.find((d) => d.name === this.#department()) ?? this.#status;
    const offline = status?.status === "offline";
    this.#hint.textContent = this.say(offline ? "away" : "hello");
    email.input.required = offline;
    email.label.textContent = this.say("email") + (offline ? "" : ` (${this.say("optional")})`);
    name.node.hidden = email.node.hidden = !!this.#identity; // a signed identity tells both
  }

  /** Shows what is wrong beside the fields and moves the focus there; true if something is. */
  #complain(errors: Record<string, string>): boolean {
    const wrong = Object.entries(this.#fields).filter(([key, field]) => {
      field.complain(errors[key]);
      return errors[key];
    });
    wrong[0]?.[1].input.focus();
    return !!wrong[0];
  }

  #check(): Record<string, string> {
    const errors: Record<string, string> = {};
    for (const [key, { input, value, node }] of Object.entries(this.#fields)) {
      if (node.hidden) continue;
      if (input.required && !value) errors[key] = this.say("fill");
      else if (!input.validity.valid) errors[key] = this.say("address");
    }
    return errors;
  }

  async #submit(): Promise<void> {
    this.#alert.textContent = "";
    if (this.#button.disabled || this.#complain(this.#check())) return;
    const { name, email, reason } = this.#fields;
    const given = { name: name.value, email: email.value };
    this.#client_id ||= newID();
    this.#button.disabled = true;
    try {
      const { id, token, number, state } = await call<Opened>(this.config.base, this.old.token ?? "", "", {
        ...about(this.config),
        ...given,
        client_id: this.#client_id,
        reason: reason.value,
        department: this.#department(),
        identity: this.#identity,
        previous: this.old.id, // its token is in the header: the visitor stays the same
      });
      this.done({ id, token, number, seq: 0, done: false, ...given }, state);
    } catch (error) {
      this.#refused(error as Problem);
    }
    this.#button.disabled = false;
  }

  #refused(why: Problem): void {
    if (!why.passing) this.#client_id = ""; // nothing was stored: the next try is another request
    if (why.errors.identity) this.#identity = "";
    this.#paint();
    if (!this.#complain(why.errors)) this.#alert.textContent = why.detail || this.say("failed");
  }
}

/** What operators see of the page and the browser. */
const about = ({ language, attributes }: Config) => ({
  page: { url: location.href, title: document.title, referrer: document.referrer },
  language,
  attributes: { timezone: Intl.DateTimeFormat().resolvedOptions().timeZone, ...attributes },
});
