// What comes of the request form when it is sent.

import { call, type Problem } from "./api";
import type { Config } from "./config";
import { newID } from "./encode";
import type { Field } from "./field";
import type { Ask, Form } from "./form";
import type { Home } from "./home";
import type { Known } from "./store";
import { here } from "./where";
import type { Snapshot } from "./wire";

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

/** Makes what opens a form's conversation. `old` is what this browser knows about the visitor. `done` gets the new conversation. */
export function newAsk({ config, say, store }: Home, form: Form, old: Partial<Known>, done: (known: Known, fresh: Fresh) => void): Ask {
  const { fields, hint, alert, button } = form;
  let client_id = "";

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
  const value = (name: string) => fields.find(({ input }) => input.name === name)!.value;

  const send = (body: object) => call<Opened>(config, old.token ?? "", "?with=snapshot,files", body);
  /** Opens the conversation. While very many ask, the service wants a proof of work first. */
  const ask = (body: object) =>
    send(body).catch(async (why: Problem) => {
      if (!why.challenge) throw why;
      hint.textContent = say("proving");
      const { prove } = await import("./proof").catch(() => Promise.reject({ ...why, detail: "" })); // a visitor could not do what the detail says
      return prove(send, body, why);
    });

  return {
    async submit() {
      if (button.disabled || complain(check)) return;
      button.disabled = true;
      client_id ||= newID();
      const given = { name: value("name"), email: value("email") };
      const reason = value("reason");
      const page = here();
      let opened: Opened | undefined;
      try {
        opened = await ask({
          ...about(config),
          ...given,
          client_id,
          reason,
          department: form.chosen(),
          identity: form.identity,
          ...form.more?.(),
          previous: old.id, // tells the service, with the token in the header, that the visitor is the same
        });
      } catch (error) {
        const why = error as Problem;
        if (!why.passing) client_id = ""; // nothing was stored, so the next try is another request
        if (why.errors.identity) form.identity = "";
        form.paint();
        if (!complain(({ input }) => why.errors[input.name])) form.tell(alert, why.detail || say("failed"));
      }
      button.disabled = false;
      if (!opened) return;
      const { id, token, number, state, snapshot } = opened;
      store.draft.set();
      done({ id, token, number, seq: 0, done: false, page, ...given }, { state, reason, snapshot });
    },
    changed() {
      client_id = ""; // what is changed after a try that may have been stored is another request
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
