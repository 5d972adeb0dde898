// The script that a site includes. It draws the button, keeps the button's state, and fetches the panel when it is wanted.

import css from "./button.css";
import { look, make } from "./look";
import type { Panel } from "./panel";
import { watchStatus } from "./status";
import { opened, readConfig } from "./settings";
import type { Status } from "./types";

function start(script: HTMLScriptElement): void {
  const config = readConfig(new URL(".", script.src).href, script.dataset);
  const word = make("span", {});
  const badge = make("b", { hidden: "" });
  const button = make("button", { "aria-haspopup": "dialog", "aria-expanded": "false", hidden: "" }, look.bulb(), word, badge);
  const host = look.host("porchlight-button", css, button);

  let news = "";
  let panel: Promise<Panel> | undefined;
  let status: Status | undefined;
  const name = () => button.setAttribute("aria-label", `Support: ${word.textContent}${news && ", " + news}`);
  const load = () =>
    (panel ??= import(config.base + "/widget/" + __PANEL__)
      .then((module: typeof import("./panel")) => module.create(config, status))
      .catch((error) => {
        panel = undefined;
        throw error;
      }));

  config.unread = (count, label) => {
    badge.hidden = !count;
    badge.textContent = String(count);
    news = label;
    name();
  };
  config.toggled = (open) => {
    button.setAttribute("aria-expanded", String(open));
    if (!open) button.focus();
  };
  button.onpointerenter = button.onfocus = () => load().catch(() => {});
  button.onclick = () =>
    load().then(
      (p) => p.toggle(),
      // From a page whose policy forbids the panel, the visitor reaches us by the page of the service.
      () => open(`${config.base}/chat?department=${encodeURIComponent(config.department)}`),
    );

  document.addEventListener("securitypolicyviolation", ({ blockedURI, disposition, effectiveDirective }) => {
    if (disposition === "enforce" && blockedURI.startsWith(config.base))
      config.complain("policy", effectiveDirective.replace("-elem", ""));
  });
  watchStatus(config, (s) => {
    status = s;
    const on = s.status === "online";
    button.className = on ? "lit" : "";
    word.textContent = on ? "ONLINE" : "OFFLINE";
    button.hidden = false;
    name();
    panel?.then((p) => p.status(s), () => {});
  });
  document.body.append(host);
  if (opened(config.base)) load().catch(() => {});
}

// A framework that swaps pages may run this script again. The first run's button stays.
const script = document.currentScript as HTMLScriptElement;
if (!customElements.get("porchlight-button")) {
  if (document.body) start(script);
  else addEventListener("DOMContentLoaded", () => start(script));
}
