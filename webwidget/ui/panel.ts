// The panel shows the request form or the conversation, in a dialog beside the button or as a page of its own.

import type { Config } from "./config";
import { h } from "./dom";
import { newHead } from "./head";
import type { Home } from "./home";
import css from "./panel.css";
import { shelter } from "./shelter";
import { newStage, type Stage } from "./stage";
import { newStore } from "./store";
import { newSpeaker, spoken } from "./strings";
import { fit, keepFocus } from "./window";
import type { Status } from "./wire";

/** What the button and the page do with the panel. */
export interface Panel {
  node: HTMLElement;
  home: Home;
  stage: Stage;
  /** Opens the panel. The focus stays where it is. */
  open(): void;
  /** Opens or closes the panel. When it opens, the focus goes to the field in which the visitor writes. */
  toggle(open?: boolean): void;
  /** Takes the service's state, which the button shows too. */
  status(s: Status | undefined): void;
}

/** Makes the panel and puts it into the site's page. In page mode the caller does that. `state` is the service's state. */
export async function create(config: Config, state?: Status): Promise<Panel> {
  const { say, learn } = newSpeaker(config);
  await learn("form");
  const { page } = config;
  const store = newStore(config.base);
  const fetched: Home["fetched"] = {};
  const layer: Home["layer"] = (group, use, failed) => {
    fetched[group] ??= Promise.all([import(`${config.base}/widget/${group}-${__VERSION__}.js`), learn(group)]).then(([part]) => {
      config.look.style(node.shadowRoot!, part.css);
      return part;
    });
    fetched[group].then(use).catch(() => {
      fetched[group] = undefined;
      failed?.();
    });
  };
  const recall: Home["recall"] = (old) =>
    layer("talks", (part: typeof import("./talks")) => void part.recall(home, { ...stage, header: head.node }, old).catch(() => {}));
  const home: Home = { config, store, say, learn, layer, fetched, recall, others: 0 };

  const paint = () => {
    const chat = stage.chat();
    config.scripts?.changed(chat?.session);
    head.show(chat?.session, state);
    box.classList.toggle("lit", chat ? chat.session.live() : state?.status === "online");
    if (chat && node.hasAttribute("open") && !document.hidden && chat.log.atEnd()) chat.session.seen();
  };
  const open = () => {
    stage.fill();
    node.setAttribute("open", "");
    store.open.set(true); // the next page opens the panel too, if there is a conversation
    stage.chat()?.log.toEnd();
    config.toggled(true);
    paint();
  };
  const toggle = (to = !node.hasAttribute("open")) => {
    if (to) {
      open();
      return stage.focus();
    }
    node.removeAttribute("open");
    store.open.set();
    config.toggled(false);
  };

  const stage = newStage(home, state, paint);
  const head = newHead(home, () => stage.chat()!.end(), () => toggle(false));
  const box = h("div.box", { role: page ? "region" : "dialog", ariaLabel: say("title"), ...spoken(config.speaks) }, head.node, stage.node);
  const node = config.look.host("porchlight-panel", css, box);
  box.onkeydown = (e) => {
    if (config.page || e.isComposing) return;
    if (/Tab/.test(e.key + e.code)) return keepFocus(box, e); // WebKitGTK has no key for Shift+Tab
    if (e.key !== "Escape") return;
    e.stopPropagation();
    toggle(false);
  };
  box.ondragover = box.ondrop = (e) => stage.chat()?.drag(e);
  document.addEventListener("visibilitychange", paint);
  addEventListener("pagehide", () => {
    store.mend();
    stage.chat()?.session.pause();
  });
  addEventListener("pageshow", (e) => e.persisted && stage.chat()?.session.start());
  addEventListener("storage", (e) => e.key === store.known.key && stage.elsewhere());
  node.toggleAttribute("page", !!page);
  node.toggleAttribute("inline", !!config.inline);
  shelter(node);
  fit(box, config);
  paint();
  if (page) config.inline ? open() : toggle(true); // what stands in a page takes no focus
  else if (store.known.get()?.done === false) {
    stage.fill();
    if (store.open.get() && innerWidth > 480) open();
  }
  if (!page) document.documentElement.append(node);
  if (config.identity || store.talks.get()) recall();
  return {
    node,
    home,
    stage,
    open,
    toggle,
    status(s) {
      stage.status((state = s));
      paint();
    },
  };
}
