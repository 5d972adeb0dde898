// The panel's header: who is there, and the ways out.

import { h, put } from "./dom";
import { isLive } from "./model";
import type { Session } from "./session";
import type { Home, Status } from "./types";

export interface Head {
  node: HTMLElement;
  /** Fits the header to the conversation, or to the service's state where there is none. */
  show(session: Session | undefined, status: Status | undefined): void;
}

export function newHead({ config: { base, look, page }, say }: Home, end: () => void, shut: () => void): Head {
  const face = h("div.face", {}, look.bulb());
  const title = h("h2");
  const subtitle = h("p");
  const over = h("button", { onclick: end }, say("end"));
  const close = page ? "" : h("button.shut.main", { ariaLabel: say("shut"), onclick: shut }, "×");
  let shown = "";

  /** Shows the operator's picture, or the bulb; pictures come from the service only. */
  const portray = (avatar = "") => {
    if (avatar === shown) return;
    shown = avatar;
    face.replaceChildren(avatar[0] === "/" ? h("img", { src: base + avatar, alt: "" }) : look.bulb());
  };

  return {
    node: h("header", {}, face, h("div.names", {}, title, subtitle), over, close),
    show(session, status) {
      const operators = session?.model.operators ?? [];
      put(title, operators.map((o) => o.name).join(", ") || say("title"));
      put(subtitle, session ? "#" + session.known.number : (status?.status ?? "").toUpperCase());
      over.hidden = !session || !isLive(session.model);
      portray(operators[0]?.avatar);
    },
  };
}
