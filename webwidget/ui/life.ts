// What the button needs beside its drawing: it follows the service's state, and fetches the panel when it is wanted.

import type { Answer } from "./ask";
import type { Look } from "./look";
import type { Panel } from "./panel";
import { opened, readConfig } from "./settings";
import { watchStatus } from "./status";
import type { Status } from "./wire";

/** Draws the button, with its state and what is new for the visitor. */
export type Paint = (s: Status, news?: string) => void;

/**
 * Keeps the loader's button alive. `data` are the attributes of the script's tag, `ask` asks for the service's state, and
 * `first` is the answer to the loader's own question. Returns what a click does.
 */
export function live(base: string, data: DOMStringMap, look: Look, button: HTMLElement, paint: Paint, ask: () => Promise<Answer>, first?: Promise<Answer>): () => void {
  const config = readConfig(base, data, look);
  const badge = button.querySelector("b")!;
  let news = "";
  let panel: Promise<Panel> | undefined;
  let status: Status | undefined;
  const load = () =>
    (panel ??= import("./panel")
      .then((module) => module.create(config, status))
      .catch((error) => {
        panel = undefined;
        throw error;
      }));
  const early = () => load().catch(() => {});
  const click = () =>
    load().then(
      (p) => p.toggle(),
      () => open(`${base}/chat?department=${encodeURIComponent(config.department)}`),
    );

  config.unread = (count, label) => {
    badge.hidden = !count;
    badge.textContent = String(count);
    news = label && ", " + label;
    if (status) show(status);
  };
  config.toggled = (open) => {
    button.ariaExpanded = String(open);
    if (!open) button.focus();
  };
  button.onpointerenter = button.onfocus = early;
  button.onclick = click;

  document.addEventListener("securitypolicyviolation", ({ blockedURI, disposition, effectiveDirective }) => {
    if (disposition === "enforce" && blockedURI.startsWith(base)) config.complain("policy", effectiveDirective.replace("-elem", ""));
  });
  const show = (s: Status) => {
    paint((status = s), news);
    panel?.then((p) => p.status(s), () => {});
  };
  watchStatus(config, ask, show, first);
  if (opened(base)) early();
  return click;
}
