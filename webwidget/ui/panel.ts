// The panel: the request form or the conversation, in a dialog beside the button or as a page of its own.

import { newChat, type Chat } from "./chat";
import { h } from "./dom";
import { newForm, type Form } from "./form";
import { newHead } from "./head";
import { isLive } from "./model";
import css from "./panel.css";
import { newStore, type Known } from "./store";
import { speaker } from "./strings";
import type { Config, Status } from "./types";

/** What the button and the page do with the panel. */
export interface Panel {
  node: HTMLElement;
  /** Opens or closes the panel; the focus goes where the visitor writes. */
  toggle(open?: boolean): void;
  /** Takes the service's state, as the button shows it. */
  status(s: Status | undefined): void;
}

/** Makes the panel and puts it into the page (page mode: the caller does). */
export async function create(config: Config): Promise<Panel> {
  const { say, language } = await speaker(config);
  const { page } = config;
  const store = newStore(config.base);
  const home = { config, store, say };
  const place = h("div.place");
  const head = newHead(home, () => chat!.end(), () => toggle(false));
  const box = h("div.box", { role: page ? "region" : "dialog", ariaLabel: say("title"), lang: language }, head.node, place);
  const node = config.look.host("porchlight-panel", css, box);
  let state: Status | undefined;
  let form: Form | undefined;
  let chat: Chat | undefined;

  const paint = () => {
    head.show(chat?.session, state);
    box.classList.toggle("lit", chat ? isLive(chat.session.model) : state?.status === "online");
    if (!chat) return;
    if (node.hasAttribute("open") && !document.hidden && chat.log.atEnd()) chat.session.seen();
    const count = chat.session.unread();
    config.unread(count, count ? say("unread", count) : "");
  };
  const show = (f: Form | undefined, c: Chat | undefined) => {
    chat?.session.stop();
    [form, chat] = [f, c];
    place.replaceChildren((f ?? c)!.node);
    paint();
  };
  const ask = (old: Partial<Known>) => {
    show(newForm(home, old, (known, state) => {
      store.known.set(known);
      talk(known, state);
      focus();
    }), undefined);
    form!.status(state);
  };
  const talk = (known: Known, state: string) => {
    const mine = newChat(home, known, state, {
      changed: () => chat === mine && paint(),
      anew() {
        ask(known);
        focus();
      },
      gone() {
        if (chat !== mine) return;
        if (store.known.get()?.id === known.id) store.known.set(undefined);
        enter(known);
      },
    });
    show(undefined, mine);
    mine.start();
  };
  /** Shows the kept conversation, or the form. */
  const enter = (old: Partial<Known> = {}) => {
    const known = store.known.get();
    if (known) talk(known, "");
    else ask(old);
  };
  const focus = () => (form ?? chat)!.focus();
  const open = () => {
    if (!form && !chat) enter();
    node.setAttribute("open", "");
    store.open.set(true); // the next page opens the panel too, if there is a conversation
    chat?.log.toEnd();
    config.toggled(true);
    paint();
  };
  const toggle = (to = !node.hasAttribute("open")) => {
    if (to) {
      open();
      return focus();
    }
    node.removeAttribute("open");
    store.open.set(undefined);
    config.toggled(false);
  };
  /** Another tab changed what is kept. */
  const elsewhere = () => {
    const known = store.known.get();
    if (known?.id !== chat?.session.known.id) enter();
    else if (known) chat!.session.seenElsewhere(known.seq);
  };
  /** Fills small windows; on a phone the keyboard covers the page's lower part without changing the page's size. */
  const fit = () => {
    const { height, scale } = visualViewport!;
    node.style.setProperty("--seen", height * scale + "px");
    box.classList.toggle("full", page || Math.min(innerWidth, innerHeight) < 481);
  };

  box.onkeydown = (e) => {
    if (e.key !== "Escape" || e.isComposing || page) return;
    e.stopPropagation();
    toggle(false);
  };
  box.ondragover = box.ondrop = (e) => chat?.drag(e);
  document.addEventListener("visibilitychange", paint);
  addEventListener("pagehide", () => {
    chat?.session.leave();
    chat?.session.pause();
  });
  addEventListener("pageshow", (e) => e.persisted && chat?.session.start());
  addEventListener("storage", (e) => e.key === store.known.key && (form || chat) && elsewhere());
  visualViewport!.onresize = fit;
  fit();
  paint();
  if (page) toggle(true);
  else if (store.known.get()?.done === false) {
    enter();
    if (store.open.get() && innerWidth > 480) open();
  }
  if (!page) document.body.append(node);
  return {
    node,
    toggle,
    status(s) {
      state = s;
      form?.status(s);
      paint();
    },
  };
}
