// The panel's header: it says who is there (with faces, once faces.ts is there), and holds the buttons that end the chat and close the panel.

import { h, setText } from "./dom";
import { bulb, icon } from "./look";
import type { Session } from "./session";
import type { Home } from "./home";
import type { Status } from "./wire";

export interface Head {
  node: HTMLElement;
  /** Fits the header to the conversation, or if there is none to the service's state. */
  show(session: Session | undefined, status: Status | undefined): void;
}

export function newHead({ say }: Home, end: () => void, shut: () => void): Head {
  const title = h("h2");
  const subtitle = h("span");
  const over = h("button", { onclick: end }, say("end"));
  const close = h("button.shut.main", { ariaLabel: say("shut"), onclick: shut }, icon());

  return {
    node: h("header", {}, h("div.face", {}, bulb()), h("div.names", {}, title, h("small", {}, subtitle)), over, close),
    show(session, status) {
      const operators = session?.model.operators ?? [];
      setText(title, operators.map((o) => o.name).join(", ") || say("title"));
      setText(subtitle, session ? "#" + session.known.number : (status?.status ?? "").toUpperCase());
      over.hidden = !session || !session.live();
    },
  };
}
