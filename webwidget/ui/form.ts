// The request form.

import { call, type Problem } from "./api";
import { anchor } from "./bubble";
import { h } from "./dom";
import { newID } from "./encode";
import { newField, type Field } from "./field";
import type { Known } from "./store";
import type { Config } from "./config";
import type { Home } from "./home";
import type { Snapshot, Status } from "./wire";
import { here } from "./where";

/** Answer of `POST /v1/conversations`. */
interface Opened {
  id: string;
  token: string;
  number: number;
  state: "waiting" | "ticket";
  snapshot?: Snapshot;
}

/** What is known of a conversation that has just been opened. */
export interface Fresh {
  state: string;
  reason: string;
  snapshot?: Snapshot;
}

export interface Form {
  node: HTMLFormElement;
  session?: undefined;
  start?: undefined;
  focus(): void;
  /** Fits the form to the service's state. */
  status(s: Status | undefined): void;
}

/**
 * Makes the form that asks for name, address and reason, and that opens the conversation. `old` is what this browser knows
 * about the visitor. `ready` fetches what a conversation needs. `done` gets the new conversation.
 */
export function newForm({ config, say, store }: Home, old: Partial<Known>, ready: () => Promise<void>, done: (known: Known, fresh: Fresh) => void): Form {
  const { draft } = store;
  let { identity } = config;
  let state: Status | undefined;
  let client_id = "";
  const hint = h("p", { role: "status" });
  const alert = h("p.wrong", { role: "alert" });
  const button = h("button.main", {}, say("ask"));
  const paint = () => {
    const status = state?.departments?.find((d) => d.name === chosen()) ?? state;
    const offline = status?.status === "offline";
    tell(hint, say(offline ? "away" : "hello"));
    const said = hint.firstChild!;
    const hours = state?.hours;
    if (offline)
      import("./back").then(
        (module) => module.back(said, say, config, hours),
        () => {},
      );
    email.input.required = offline;
    email.label.textContent = say("email") + (offline ? "" : ` (${say("optional")})`);
    name.node.hidden = email.node.hidden = !!identity; // a signed identity tells both
  };
  /** Shows a text. If the service takes nothing from this page, it shows the way to the service's own page instead. */
  const tell = (node: HTMLElement, text: string) => {
    const way = anchor(config.base + "/chat" + config.query, say("title"));
    node.replaceChildren(...(config.foreign ? [say("foreign") + " ", way] : [text]));
  };
  const department = newField(say, h("select", { name: "department", onchange: paint }));
  const name = newField(say, h("input", { name: "name", autocomplete: "name", value: old.name ?? "" }));
  const email = newField(say, h("input", { name: "email", type: "email", autocomplete: "email", value: old.email ?? "" }));
  const reason = newField(say, h("textarea", { name: "reason", rows: 4, required: true, value: draft.get() ?? "", oninput: () => draft.set(reason.value) }));
  const fields = [department, name, email, reason];
  const more = config.custom?.form(say, fields, hint, button); // it adds fields
  const chosen = () => config.department || department.value;

  /** Shows what is wrong beside the fields, and moves the focus to the first wrong one. Returns whether there is one. */
  const complain = (what: (field: Field) => string | undefined) => {
    const wrong = fields.filter((field) => {
      const text = what(field);
      field.complain(text);
      return text;
    });
    wrong[0]?.input.focus();
    return !!wrong[0];
  };
  const check = ({ node, input, value }: Field) => {
    if (node.hidden) return;
    if (input.required && !value) return say("fill");
    if (!input.validity.valid) return say("address");
    return;
  };

  const send = (body: object) => call<Opened>(config, old.token ?? "", "?with=snapshot,files", body);
  /** Opens the conversation. While very many ask, the service wants a proof of work first. */
  const ask = (body: object) =>
    send(body).catch(async (why: Problem) => {
      if (!why.challenge) throw why;
      hint.textContent = say("proving");
      const { prove } = await import("./proof").catch(() => Promise.reject({ ...why, detail: "" })); // a visitor could not do what the detail says
      return prove(send, body, why);
    });

  const submit = async (e: Event) => {
    e.preventDefault();
    alert.textContent = "";
    if (button.disabled || complain(check)) return;
    button.disabled = true;
    client_id ||= newID();
    const given = { name: name.value, email: email.value };
    const page = here();
    let opened: Opened | undefined;
    try {
      await ready().catch(() => Promise.reject({ errors: {}, detail: say("lacking"), passing: true }));
      opened = await ask({
        ...about(config),
        ...given,
        client_id,
        reason: reason.value,
        department: chosen(),
        identity,
        ...more?.(),
        previous: old.id, // tells the service, with the token in the header, that the visitor is the same
      });
    } catch (error) {
      const why = error as Problem;
      if (!why.passing) client_id = ""; // nothing was stored, so the next try is another request
      if (why.errors.identity) identity = "";
      paint();
      if (!complain(({ input }) => why.errors[input.name])) tell(alert, why.detail || say("failed"));
    }
    button.disabled = false;
    if (!opened) return;
    const { id, token, number, state, snapshot } = opened;
    draft.set();
    done({ id, token, number, seq: 0, done: false, page, ...given }, { state, reason: reason.value, snapshot });
  };

  const input = () => {
    client_id = ""; // what is changed after a try that may have been stored is another request
    ready().catch(() => {});
  };

  return {
    node: h("form.ask", { noValidate: true, onsubmit: submit, oninput: input }, hint, ...fields.map((f) => f.node), alert, button),
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
}

/** Gathers what operators see about the page and the browser. */
const about = ({ language, attributes }: Config) => ({
  page: { url: location.href, title: document.title, referrer: document.referrer },
  language,
  time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  attributes,
});
