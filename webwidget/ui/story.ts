// What the page hears of a conversation. It is told what has happened since the page was opened, and nothing that happened
// before. It gets the words of operators, which a page could show, but not those of visitors: what hears events is often a
// script that passes all of them on to somebody who counts.

import type { Events } from "../npm/index";
import type { Talk } from "./config";
import type { Model } from "./model";
import type { Ev } from "./wire";

export interface Story {
  /** Takes the conversation that is there already. */
  resume(talk: Talk | undefined): void;
  /** Takes the conversation when it has changed, and when another one is shown. */
  changed(talk: Talk | undefined): void;
  /** Takes an event of the conversation's log. */
  event(e: Ev, talk: Talk): void;
}

export function newStory(tell: <E extends keyof Events>(event: E, detail: Events[E]) => void): Story {
  let id = "";
  let told: Pick<Model, "position" | "wait"> = { position: 0, wait: 0 };

  const resume = (talk: Talk | undefined) => {
    id = talk?.known.id ?? "";
    told = { position: 0, wait: 0 };
  };
  return {
    resume,
    changed(talk) {
      if (talk?.known.id !== (id || undefined)) {
        resume(talk);
        // A conversation that was kept has no state yet.
        if (talk?.model.state) tell("chat-started", { number: talk.known.number, state: talk.model.ticket ? "ticket" : "waiting" });
      }
      if (!talk) return;
      const { position, wait } = talk.model;
      if (position === told.position && wait === told.wait) return;
      told = { position, wait };
      if (position && talk.model.state === "waiting") tell("queue-position", { number: talk.known.number, position, wait: wait || undefined });
    },
    event(e, { model, known: { number } }) {
      const { seq: id, from, name = "", text } = e;
      if (!id || id <= model.included) return;
      const file = !!e.file;
      if (from !== "system" && from && (e.type === "message" || file))
        tell("message", { id, from, kind: file ? "file" : "text", name, time: new Date(e.at!), ...(from === "operator" && !file && { text }) });
      else if (e.type === "operator" && e.action !== "left") tell("operator-joined", { number, name });
      else if (e.type === "state" && e.state === "closed") tell("chat-ended", { number, reason: e.reason ?? "" });
    },
  };
}
