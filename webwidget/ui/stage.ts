// The stage shows the request form, or the conversation that this browser has.

import type { Fresh } from "./ask";
import type { Chat } from "./chat";
import { h } from "./dom";
import { newForm, type Ask, type Form } from "./form";
import type { Home } from "./home";
import type { Known } from "./store";
import type { Status } from "./wire";

/** What else can be shown. */
export interface View {
  node: HTMLElement;
  session?: undefined;
  status?: undefined;
  start?: undefined;
  /** Whether it is the list of the visitor's conversations, which stays when another tab shows another one of them. */
  talks: true;
  focus(): void;
}

export interface Stage {
  node: HTMLElement;
  /** Shows something else. */
  present(view: View): void;
  /** The conversation, if it is shown. */
  chat(): Chat | undefined;
  /** Shows the kept conversation, or else the form, unless one of them is shown already. */
  fill(): void;
  /** Shows anew what this browser has: the conversation, or else the form. */
  enter(): void;
  /** Shows the form. `old` is what this browser knows about the visitor. */
  ask(old: Partial<Known>): void;
  /** Puts the focus into what is shown, or is shown next. */
  focus(): void;
  /** Takes the service's state. */
  status(s: Status | undefined): void;
  /** Another tab has changed what the browser keeps. */
  elsewhere(): void;
}

/** Makes the stage. `state` is the service's state. `changed` is called when something else is shown, or the chat has changed. */
export function newStage(home: Home, state: Status | undefined, changed: () => void): Stage {
  const { known: kept } = home.store;
  const node = h("div.place");
  let view: Form | Chat | View | undefined;
  let busy = false; // a conversation will be shown as soon as its part is there
  let eager = false; // the focus goes into what is shown next

  const show = (next: Form | Chat | View) => {
    view?.session?.stop();
    view = next;
    node.replaceChildren(view.node);
    view.status?.(state);
    changed();
    view.start?.();
    if (eager) view.focus();
    eager = false;
  };
  const part = (use: (talk: typeof import("./talk")) => void, failed: () => void) => home.layer("talk", use, failed);
  const ask = (old: Partial<Known>) => {
    let opener: Ask | undefined;
    const opened = (known: Known, fresh: Fresh) => {
      const before = kept.get();
      kept.set(known);
      if (before) home.recall(before);
      eager = true;
      talk(known, fresh);
    };
    show(newForm(home, { ...old, ...home.config.user }, (form, use, failed) => part((talk) => use((opener ??= talk.newAsk(home, form, old, opened))), failed)));
  };
  const talk = (known: Known, fresh?: Fresh) => {
    busy = true;
    const begin = ({ newChat }: typeof import("./talk")) => {
      busy = false;
      const mine = newChat(home, known, fresh, {
        changed,
        anew() {
          eager = true;
          ask(known);
        },
        gone() {
          if (view !== mine) return;
          home.store.forget(known.id);
          enter(known);
        },
      });
      show(mine);
      if (home.config.identity && !fresh) import("./who").then((module) => module.signIn(home, stage), () => {});
    };
    part(begin, () => {
      busy = false;
      node.replaceChildren(h("p.wrong", { role: "alert" }, home.say("lacking")));
    });
  };
  const enter = (old: Partial<Known> = {}) => {
    const known = kept.get();
    if (known) talk(known);
    else ask(old);
  };

  const stage: Stage = {
    node,
    present: show,
    chat: () => (view?.session ? view : undefined),
    fill: () => view || busy || enter(),
    enter,
    ask,
    focus: () => (view && !busy ? view.focus() : (eager = true)),
    status(s) {
      state = s;
      view?.status?.(s);
    },
    elsewhere() {
      const known = kept.get();
      if (!known) home.store.draft.set(); // another tab has forgotten the visitor
      if (!view || busy) return;
      if (!known || (!(view as View).talks && known.id !== view.session?.known.id)) enter();
      else view.session?.seenElsewhere(known.seq);
    },
  };
  return stage;
}
