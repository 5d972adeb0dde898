// The banner above the messages: it says how the request is doing, and offers what the visitor can do about it.

import { h, put } from "./dom";
import { wantsEmail, type Model } from "./model";
import type { Key, Say } from "./say";

const reasons: Record<string, Key> = { solved: "solved", idle: "idle", merged: "merged", "visitor-left": "gone" };

export interface Banner {
  node: HTMLElement;
  /** Fits the banner to the conversation. */
  show(m: Model, address: string): void;
}

/** Makes the banner. `ask` fills the given place with a form for the visitor's address; `anew` starts another conversation. */
export function newBanner(say: Say, ask: (place: HTMLElement) => void, anew: () => void): Banner {
  const text = h("p");
  const queue = h("small");
  const form = h("div");
  const queued = ({ position, wait }: Model): string => {
    const minutes = Math.round(wait / 60);
    return say("place", position) + (wait ? "; " + say(minutes > 1 ? "about" : "soon", minutes) : "");
  };
  const again = h("button", { onclick: anew }, say("anew"));
  const node = h("div.banner", {}, h("div", { role: "status" }, text, queue), form, again);

  return {
    node,
    show(m, address) {
      const closed = m.state === "closed";
      const { ticket } = m;
      const wanted = wantsEmail(m);
      node.hidden = !m.state || (m.state === "active" && !ticket);
      form.hidden = !wanted;
      if (wanted && !form.firstChild) ask(form);
      again.hidden = !closed && !ticket;
      again.className = closed ? "main" : "";
      const mailed = !address ? "ticketing" : m.state === "active" ? "both" : "ticket";
      put(text, closed ? say(reasons[m.reason] ?? "closed") : ticket ? say(mailed, address) : say(wanted ? "nobody" : "waiting"));
      put(queue, m.state === "waiting" && !ticket && m.position && !wanted ? queued(m) : "");
    },
  };
}
