// The teaser shows the newest words that the visitor has not seen in a bubble beside the button, while the panel is closed, and
// tells the bell of them.

import { newBell } from "./bell";
import { h, setText } from "./dom";
import type { Home } from "./home";
import type { Log } from "./log";
import { icon } from "./look";
import type { Session } from "./session";
import { storageKey } from "./settings";
import { spoken } from "./strings";
import { tally } from "./tally";
import own from "./teaser.css";

/** The teaser adds no styles to the panel. */
export const css = "";

/** Makes the teaser of a conversation. Returns what fits it to the conversation; the teaser itself notices when the panel opens or closes. */
export function newTeaser(home: Home, session: Session, log: Log): () => void {
  const { config, say } = home;
  const { model, known, signal, unread } = session;
  const panel = (log.node.getRootNode() as ShadowRoot).host;
  const host = document.querySelector<HTMLElement>("porchlight-button");
  const button = host?.shadowRoot!.querySelector("button");
  const bell = newBell(home, session, panel);
  const key = storageKey(config.base) + ":teased";
  let dismissed = 0; // the newest message that the visitor wants no teaser of
  try {
    dismissed = Number(sessionStorage.getItem(key));
  } catch {} // storage is forbidden

  const dismiss = () => {
    dismissed = model.heard.at(-1)!;
    try {
      sessionStorage.setItem(key, String(dismissed));
    } catch {} // it is remembered as long as the page is open
    show();
    button?.focus();
  };
  const press = (e: KeyboardEvent) => e.key === "Escape" && dismiss();

  const name = h("b", { dir: "auto" });
  const text = h("span", { dir: "auto" });
  const words = h("button.words", { onclick: () => button?.click() }, name, text);
  const drop = h("button.x", { ariaLabel: say("untease"), onclick: dismiss }, icon());
  const box = h("div", { onkeydown: press, ...spoken(config.speaks) }, h("div", { role: "status" }, words), drop);

  /** The live region is there before its words, or screen readers would not read them out. */
  const show = () => {
    const unseen = model.heard.filter((seq) => seq > Math.max(known.seq, dismissed)).map(log.entry).filter((e) => e && !e.node.matches(".removed"));
    const news = signal.aborted ? 0 : unread();
    tally(home, news);
    bell(news, unseen.at(-1));
    const entry = signal.aborted || panel.hasAttribute("open") || host?.hidden ? undefined : unseen.at(-1);
    setText(name, entry?.name ?? "");
    setText(text, entry ? (entry.text ?? entry.body.textContent!) : "");
    words.hidden = drop.hidden = !entry;
    box.classList.toggle("on", !!entry);
  };
  const seen = new MutationObserver(show);
  seen.observe(panel, { attributeFilter: ["open"] });
  if (host) seen.observe(host, { attributeFilter: ["hidden"] });
  signal.addEventListener("abort", () => {
    seen.disconnect();
    show();
  });
  const place = document.querySelector("porchlight-teaser"); // that of an earlier conversation
  if (place) place.shadowRoot!.replaceChildren(box);
  else document.documentElement.append(config.look.host("porchlight-teaser", own, box));
  return show;
}
