// Makes anew what the panel shows, when a call has changed what it is made of.

import type { Config } from "./config";
import type { Panel } from "./panel";
import { spoken } from "./strings";

/** The fields of the form that the visitor sees. */
const fields = ({ node }: Panel["stage"]) => [...node.querySelectorAll<HTMLInputElement>("form.ask [name]")].filter((i) => !i.closest("[hidden]"));

/**
 * Makes the form anew. What the visitor has typed or chosen stays in it, and the focus where it is. `before` is whom the page had named
 * when the form was made.
 */
export function ask({ node, stage, home: { config, store } }: Panel, before = config.user): void {
  const inside = document.activeElement === node;
  const at = (node.shadowRoot!.activeElement as HTMLInputElement | null)?.name;
  const known = store.known.get() ?? {};
  const [stood, stands] = [before, config.user].map((user) => ({ ...known, ...user }) as Record<string, unknown>);
  const typed = fields(stage).filter((i) => (i.type === "checkbox" ? i.checked : i.value !== (stood![i.name] ?? "")));
  stage.ask(known);
  for (const { name, value, checked } of typed) {
    const now = fields(stage).find((i) => i.name === name);
    if (!now || name === "reason" || stands![name] !== stood![name]) continue; // it is kept anyway, or the page names somebody else
    if (now.type !== "checkbox") now.value = value;
    else now.checked = checked && now.value === value; // who has agreed to a text has not agreed to another one
    now.dispatchEvent(new Event("change")); // another department has other faces
  }
  if (inside) (fields(stage).find(({ name }) => name === at) ?? stage).focus();
}

/** Makes anew what the panel shows: the list, the form, or the conversation if `all`. Else it tells whose the conversation is. */
export function redraw(p: Panel, before?: Config["user"], all = false): unknown {
  const { node, stage, home } = p;
  if (stage.node.querySelector(".talks")) return home.recall();
  if (!stage.chat()) return ask(p, before);
  if (!all) return import("./who").then((module) => module.signIn(home, stage));
  const inside = document.activeElement === node;
  stage.enter();
  return inside && stage.focus();
}

/** Says everything in another language, whose words are there. */
export function translate(p: Panel, language: string): void {
  const { say } = p.home;
  const box = p.node.shadowRoot!.querySelector<HTMLElement>(".box")!;
  Object.assign(box, spoken(language));
  box.ariaLabel = say("title");
  for (const button of box.querySelectorAll<HTMLElement>("header button")) {
    if (button.matches(".shut")) button.ariaLabel = say("shut");
    else if (button.matches(".back")) button.ariaLabel = say("talks");
    else if (!button.matches(".bell")) button.textContent = say("end"); // the bell comes anew with the conversation
  }
  redraw(p, p.home.config.user, true);
}
