// What the button needs beside its drawing: it follows the service's state, and fetches the panel when it is wanted.

import css from "./button.css";
import { h } from "./dom";
import type { Frame } from "./host";
import type { Panel } from "./panel";
import { bulb } from "./look";
import shared from "./look.css";
import { takeCalls } from "./queue";
import { opened, readConfig } from "./settings";
import { watchStatus } from "./status";
import { newSpeaker, spoken } from "./strings";
import type { Status } from "./wire";

/**
 * Draws the loader's button and brings it to life. `data` are the attributes of the script's tag, `ask` asks for the service's state, with a query of ours, and
 * `first` is the answer to the loader's own question.
 */
export function live(base: string, data: DOMStringMap, frame: Frame, button: HTMLElement, ask: (query: string) => Promise<Response>, first?: Promise<Response>): void {
  const config = readConfig(base, data, frame);
  const { say, learn } = newSpeaker(config);
  const invite = h("strong");
  const word = h("span");
  let news = "";
  let panel: Promise<Panel> | undefined;
  let status: Status | undefined;
  const name = () => (button.ariaLabel = `${invite.textContent || "Support"}: ${word.textContent}${news && ", " + news}`);
  const load = () =>
    (panel ??= import("./panel")
      .then((module) => module.create(config, status))
      .catch((error) => {
        panel = undefined;
        throw error;
      }));
  const early = () => load().catch(() => {});

  config.unread = (_, label) => {
    news = label;
    name();
  };
  config.toggled = (open) => {
    button.ariaExpanded = String(open);
    if (!open) button.focus();
  };
  const root = button.getRootNode() as ShadowRoot;
  config.look.style(root, shared + css);
  const host = root.host as HTMLElement;
  host.hidden = "hidden" in data;
  button.append(bulb(), invite, word);
  button.ariaHasPopup = "dialog";
  button.ariaExpanded = "false";
  button.onpointerenter = button.onfocus = () => config.pace() < 2 && early(); // over a slow line only what is wanted for sure
  button.onclick = () =>
    load().then(
      (p) => p.toggle(),
      () => open(base + "/chat" + config.query),
    );

  document.addEventListener("securitypolicyviolation", ({ blockedURI, disposition, effectiveDirective }) => {
    if (disposition === "enforce" && blockedURI.startsWith(base)) config.complain("policy", effectiveDirective.replace("-elem", ""));
  });
  /** Without words, and while they are long in coming, the button says only ONLINE or OFFLINE. */
  const teach = () => Promise.race([learn("button").then(() => true, () => false), new Promise<void>((late) => setTimeout(late, 3000))]);
  let taught = teach();
  const show = async (s: Status) => {
    const words = await taught;
    const lit = s.status === "online";
    status = s;
    button.classList.toggle("lit", lit);
    invite.textContent = words ? say(lit ? "invite" : "leave") : "";
    Object.assign(button, spoken(config.speaks));
    word.textContent = s.status.toUpperCase();
    button.hidden = false;
    name();
    panel?.then((p) => p.status(s), () => {});
    config.scripts?.show(s);
  };
  const follow = watchStatus(config, ask, show, first);
  const again = () => {
    taught = teach();
    follow();
  };
  const lay = (hidden?: boolean) => import("./inline").then((module) => module.inlay(config, host, load, hidden), () => {});
  customElements.define("porchlight-chat", class extends HTMLElement {
    connectedCallback() {
      lay(host.hidden);
      host.hidden = true; // the chat has its place in the page, and needs no button
    }
    disconnectedCallback() {
      lay();
    }
  });
  const look = () => {
    if (!document.querySelector("dialog:modal")) return;
    dialogs.disconnect();
    import("./modal").then((module) => module.follow(), () => {});
  };
  const dialogs = new MutationObserver(look);
  dialogs.observe(document, { subtree: true, attributeFilter: ["open"] });
  look();
  if (opened(base)) early();
  takeCalls(() => import("./calls").then((module) => module.begin({ config, host, load, again, panel: () => panel, status: () => status })));
}
