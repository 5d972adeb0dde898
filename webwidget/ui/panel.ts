// The panel: the request form or the conversation, in a dialog beside the button or as a page of its own.

import { put } from "./banner";
import { Chat } from "./chat";
import { h } from "./dom";
import { Form } from "./form";
import { isTicket } from "./model";
import css from "./panel.css";
import { Store, type Known } from "./store";
import { speaker, type Say, type Speech } from "./strings";
import type { Config, Operator, Status } from "./types";

export class Panel extends HTMLElement {
  readonly #store: Store;
  readonly #say: Say;
  readonly #face = h("div.face");
  readonly #title = h("h2");
  readonly #subtitle = h("p");
  readonly #end: HTMLButtonElement;
  readonly #box: HTMLElement;
  readonly #place = h("div.place");
  #avatar = "";
  #status: Status | undefined;
  #view: Form | Chat | undefined;

  constructor(
    private readonly config: Config,
    speech: Speech,
  ) {
    super();
    this.#store = new Store(config.base);
    const say = (this.#say = speech.say);
    this.#end = h("button", { onclick: () => (this.#view as Chat).end() }, say("end"));
    const shut = h("button.shut.main", { "aria-label": say("shut"), onclick: () => this.toggle(false) }, "×");
    const { page } = config;
    const head = h("header", {}, this.#face, h("div.names", {}, this.#title, this.#subtitle), this.#end, page ? "" : shut);
    this.#box = h("div.box", { role: page ? "region" : "dialog", "aria-label": say("title"), lang: speech.language }, head, this.#place);
    this.#face.append(config.look.bulb());
    config.look.dress(this, css, this.#box);
    this.#listen();
    this.#paint();
    if (page) this.toggle(true);
    else if (this.#store.known.get()?.done === false) {
      this.#enter();
      if (this.#store.open.get() && innerWidth > 480) this.#open();
    }
  }

  /** Survives frameworks that swap the body. */
  disconnectedCallback(): void {
    queueMicrotask(() => this.isConnected || document.body.append(this));
  }

  connectedCallback(): void {
    this.#chat?.log.toEnd();
  }

  /** The service's state, as the button shows it. */
  set status(s: Status | undefined) {
    this.#status = s;
    if (this.#view instanceof Form) this.#view.status(s);
    this.#paint();
  }

  /** Opens or closes the panel; the focus goes where the visitor writes. */
  toggle(open = !this.hasAttribute("open")): void {
    if (open) {
      this.#open();
      this.#view!.focus();
      return;
    }
    this.removeAttribute("open");
    this.#store.open.set(undefined);
    this.config.toggled(false);
  }

  #open(): void {
    if (!this.#view) this.#enter();
    this.setAttribute("open", "");
    this.#store.open.set(true); // the next page opens the panel too, if there is a conversation
    this.#chat?.log.toEnd();
    this.config.toggled(true);
    this.#paint();
  }

  get #chat(): Chat | undefined {
    return this.#view instanceof Chat ? this.#view : undefined;
  }

  /** Shows the kept conversation, or the form. */
  #enter(old?: Known): void {
    const known = this.#store.known.get();
    if (known) this.#show(this.#newChat(known, ""));
    else this.#show(this.#newForm(old));
  }

  #show(view: Form | Chat): void {
    this.#chat?.session.stop();
    this.#view = view;
    this.#place.replaceChildren(view.node);
    this.#paint();
  }

  #newForm(old: Known | undefined): Form {
    const form = new Form(this.config, this.#say, old ?? {}, (known, state) => {
      this.#store.known.set(known);
      this.#show(this.#newChat(known, state));
      this.#view!.focus();
    });
    form.status(this.#status);
    return form;
  }

  #newChat(known: Known, state: string): Chat {
    let chat: Chat | undefined; // not yet there when it is first painted
    chat = new Chat(this.config, this.#store, known, state, this.#say, {
      changed: () => chat && this.#view === chat && this.#paint(),
      anew: () => {
        this.#show(this.#newForm(known));
        this.#view!.focus();
      },
      gone: () => {
        if (this.#view !== chat) return;
        if (this.#store.known.get()?.id === known.id) this.#store.known.set(undefined);
        this.#enter(known);
      },
    });
    return chat;
  }

  #listen(): void {
    this.#box.onkeydown = (e) => {
      if (e.key !== "Escape" || e.isComposing || this.config.page) return;
      e.stopPropagation();
      this.toggle(false);
    };
    document.addEventListener("visibilitychange", () => this.#paint());
    addEventListener("pagehide", () => {
      this.#chat?.session.leave();
      this.#chat?.session.pause();
    });
    addEventListener("pageshow", (e) => e.persisted && this.#chat?.session.start());
    addEventListener("storage", (e) => e.key === this.#store.known.key && this.#view && this.#elsewhere());
    visualViewport!.onresize = () => this.#fit();
    this.#fit();
  }

  /** Fills small windows; on a phone the keyboard covers the page's lower part without changing the page's size. */
  #fit(): void {
    const { height, scale } = visualViewport!;
    this.style.setProperty("--seen", height * scale + "px");
    this.#box.classList.toggle("full", this.config.page || Math.min(innerWidth, innerHeight) < 481);
  }

  /** Another tab changed what is kept. */
  #elsewhere(): void {
    const known = this.#store.known.get();
    const session = this.#chat?.session;
    if (known?.id !== session?.known.id) this.#enter();
    else if (known) session!.seenElsewhere(known.seq);
  }

  #paint(): void {
    const chat = this.#chat;
    const model = chat?.session.model;
    const operators = model?.operators ?? [];
    const live = !!model && model.state !== "closed" && !isTicket(model);
    this.#box.classList.toggle("lit", model ? live : this.#status?.status === "online");
    put(this.#title, operators.map((o) => o.name).join(", ") || this.#say("title"));
    put(this.#subtitle, chat ? "#" + chat.session.known.number : (this.#status?.status ?? "").toUpperCase());
    this.#end.hidden = !live;
    this.#portray(operators[0]);
    if (!chat) return;
    if (this.hasAttribute("open") && !document.hidden && chat.log.atEnd) chat.session.seen();
    const count = chat.session.unread();
    this.config.unread(count, count ? this.#say("unread", count) : "");
  }

  /** Shows the operator's picture, or the bulb; pictures come from the service only. */
  #portray(operator: Operator | undefined): void {
    const { base, look } = this.config;
    const { avatar = "" } = operator ?? {};
    const src = avatar[0] === "/" ? base + avatar : avatar;
    if (src === this.#avatar) return;
    this.#avatar = src;
    this.#face.replaceChildren(src.startsWith(base + "/") ? h("img", { src, alt: "" }) : look.bulb());
  }
}

/** Makes the panel and puts it into the page (page mode: the caller does). */
export async function create(config: Config): Promise<Panel> {
  if (!customElements.get("porchlight-panel")) customElements.define("porchlight-panel", Panel);
  const panel = new Panel(config, await speaker(config));
  if (!config.page) document.body.append(panel);
  return panel;
}
