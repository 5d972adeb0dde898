// The banner above the messages: it says how the request is doing. What it says once a chat has ended, or is answered by mail,
// comes with the extras (see ending.ts).

import { h, setText } from "./dom";
import { wantsEmail, type Model } from "./model";
import type { Say } from "./say";

export interface Banner {
  node: HTMLElement;
  text: HTMLElement;
  queue: HTMLElement;
  /** Fits the banner to the conversation. */
  show(m: Model): void;
}

/** Says at which place of the queue the visitor is, and for about how long. */
export function queued(say: Say, { position, wait }: Model): string {
  const minutes = Math.round(wait / 60);
  return say("place", position) + (wait ? "; " + say(minutes > 1 ? "about" : "soon", minutes) : "");
}

/** Says for whom the visitor waits. */
export const waits = (say: Say, { passedTo }: Model): string => say(passedTo ? "asks" : "waiting", passedTo);

/** Makes the banner. `more` is called to fill it when there is more to say than that the visitor waits. From then on it always is. */
export function newBanner(say: Say, more: () => void): Banner {
  const text = h("p");
  const queue = h("small");
  const node = h("div.banner", {}, h("div", { role: "status" }, text, queue));
  let rich = false;

  return {
    node,
    text,
    queue,
    show(m) {
      node.hidden = !m.state || (m.state === "active" && !m.ticket);
      rich ||= m.state === "closed" || m.ticket || wantsEmail(m);
      if (rich) return more();
      setText(text, waits(say, m));
      setText(queue, m.position ? queued(say, m) : "");
    },
  };
}
