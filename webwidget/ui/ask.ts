// What comes of the request form when it is sent.

import { call, type Problem } from "./api";
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
export function newAsk({ config, say, store, layer }: Home, form: Form, old: Partial<Known>, done: (known: Known, fresh: Fresh) => void): Ask {
  const { fields, alert, button } = form;
  let client_id = "";

  const amiss = (use: (part: typeof import("./amiss")) => void, failed: () => void) => layer("amiss", use, failed);
  const value = (name: string) => fields.find(({ input }) => input.name === name)!.value;
  const fine = ({ node, input, value }: Field) => node.hidden || ((value || !input.required) && input.validity.valid);
  const send = (body: object) => call<Opened>(config, old.token ?? "", "?with=snapshot,files", body);
  const failed = ({ passing }: Problem) => {
    if (!passing) client_id = ""; // nothing was stored, so the next try is another request
  };
  /** Takes that the form could not be sent. */
  const amend = (body: object, why: Problem) =>
    new Promise<Opened | void>((done) =>
      amiss((part) => done(part.amend(form, say, send, body, why, failed)), () => {
        failed(why);
        done(form.tell(alert, say("failed")));
      }),
    );

  return {
    async submit() {
      if (button.disabled) return;
      if (!fields.every(fine)) return amiss((part) => part.check(form, say), () => (alert.textContent = say("lacking")));
      for (const field of fields) field.complain();
      button.disabled = true;
      client_id ||= newID();
      const given = { name: value("name"), email: value("email") };
      const reason = value("reason");
      const page = here();
      const body = {
        // what operators see about the page and the browser
        page: { url: location.href, title: document.title, referrer: document.referrer },
        language: config.language,
        time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        attributes: config.attributes,
        ...given,
        client_id,
        reason,
        department: form.chosen(),
        identity: form.identity,
        ...form.more?.(),
        previous: old.id, // tells the service, with the token in the header, that the visitor is the same
      };
      const opened = await send(body).catch((why) => amend(body, why));
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
