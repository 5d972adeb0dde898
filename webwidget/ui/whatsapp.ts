// The way into WhatsApp behind the conversation's number, while an operator who offers it answers. Fetched when one does.

import { h } from "./dom";
import type { Session } from "./session";

/** Adds the way to the panel's header, until the session ends. Returns what fits it to the conversation. `log` is the element with the messages. */
export function newWay({ model, signal }: Session, log: HTMLElement): () => void {
  const link = h("a", { target: "_blank", rel: "noopener noreferrer" }, "WhatsApp");
  const place = h("span", {}, " ", link);
  if (!signal.aborted) (log.getRootNode() as ShadowRoot).querySelector("header small")!.append(place);
  signal.addEventListener("abort", () => place.remove());
  return () => {
    link.href = model.operators[0]?.whatsapp ?? "x:";
    link.hidden = link.protocol !== "https:"; // no other address of others becomes a link, least of all a script
  };
}
