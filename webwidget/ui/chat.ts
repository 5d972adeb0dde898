// The view of one conversation: banner, messages, composer.

import { Banner, put } from "./banner";
import { composer } from "./composer";
import { h } from "./dom";
import { Log } from "./log";
import { Session, type Listener } from "./session";
import type { Known, Store } from "./store";
import type { Say } from "./strings";
import type { Config } from "./types";

/** What the panel is told. */
export interface Owner {
  changed(): void;
  /** The visitor wants another conversation. */
  anew(): void;
  /** The service no longer knows the conversation. */
  gone(): void;
}

export class Chat {
  readonly node: HTMLElement;
  readonly session: Session;
  readonly log: Log;
  readonly #banner: Banner;
  readonly #composer;
  readonly #typing = h("div.typing");
  readonly #alert = h("p.wrong", { role: "alert" });
  readonly #line = h("p.wrong.line", { role: "status" });
  readonly #sure: HTMLElement;
  #down = 0;

  constructor(
    config: Config,
    store: Store,
    known: Known,
    state: string,
    private readonly say: Say,
    private readonly owner: Owner,
  ) {
    this.log = new Log(say);
    this.log.node.onscroll = () => owner.changed();
    this.#banner = new Banner(say, (address) => this.session.email(address), owner.anew);
    this.#composer = composer(
      say,
      (text) => this.#send(text),
      (active) => this.session.model.state === "active" && this.#quietly("/typing", { active }),
    );
    this.#sure = this.#confirmation();
    this.node = h(
      "div.chat",
      {},
      this.#line,
      this.#banner.node,
      this.log.node,
      this.#typing,
      this.#alert,
      this.#sure,
      this.#composer.node,
    );
    this.session = new Session(config, store, known, this.#listener(), state);
    for (const { client_id, text } of this.session.outbox.list()) this.log.pend(client_id, text);
    this.#paint();
    this.session.start();
  }

  focus(): void {
    this.#composer.focus();
  }

  /** Asks whether the chat shall end. */
  end(): void {
    this.#sure.hidden = false;
    this.#sure.querySelector("button")!.focus();
  }

  #listener(): Listener {
    return {
      event: (e) => this.log.add(e, e.seq! <= this.session.model.known),
      changed: () => this.#paint(),
      up: (is) => this.#up(is),
      stored: ({ client_id }, seq) => {
        this.log.stored(client_id, seq);
        this.#paint();
      },
      later: (_, after) => this.log.hint(after ? this.say("slow", Math.ceil(after / 1000)) : this.say("later")),
      refused: ({ client_id, text }, why) => {
        this.log.drop(client_id);
        this.#composer.restore(text);
        this.#alert.textContent = why.errors.text || why.detail || this.say("failed");
        this.#paint();
      },
      gone: this.owner.gone,
    };
  }

  #send(text: string): void {
    this.#alert.textContent = "";
    const { client_id } = this.session.outbox.add(text);
    this.log.pend(client_id, text);
  }

  #quietly(path: string, body: object): void {
    this.session.call(path, body).catch(() => {});
  }

  #paint(): void {
    const { model, known } = this.session;
    this.#banner.show(model, known.email);
    this.#composer.placeholder(this.say(model.state === "closed" ? "again" : "write"));
    put(this.#typing, model.typing && this.say("typing", model.typing));
    this.log.ticks(model.receipts);
    this.owner.changed();
  }

  /** A line that is down for a moment only is not worth a word. */
  #up(is: boolean): void {
    if (!is) return void (this.#down ||= setTimeout(() => put(this.#line, this.say("down")), 2000));
    clearTimeout(this.#down);
    put(this.#line, "");
    this.#down = 0;
    this.owner.changed();
  }

  #confirmation(): HTMLElement {
    const stay = () => {
      this.#sure.hidden = true;
      this.focus();
    };
    const end = () => {
      stay();
      this.session.call("/close", {}).catch(() => (this.#alert.textContent = this.say("failed")));
    };
    return h(
      "div.sure",
      { role: "group", "aria-label": this.say("sure"), hidden: true },
      h("span", {}, this.say("sure")),
      h("button.main", { onclick: end }, this.say("end")),
      h("button", { onclick: stay }, this.say("stay")),
    );
  }
}
