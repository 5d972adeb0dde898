// The stage shows the request form, or the conversation that this browser has.

import { newChat, type Chat } from "./chat";
import { h } from "./dom";
import { newForm, type Form } from "./form";
import type { Known } from "./store";
import type { Home, Status } from "./types";

export interface Stage {
  node: HTMLElement;
  /** The conversation, if it is shown. */
  chat(): Chat | undefined;
  /** Shows the kept conversation, or else the form, unless one of them is shown already. */
  fill(): void;
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
  let view: Form | Chat | undefined;

  const focus = () => view!.focus();
  const show = (next: Form | Chat) => {
    view?.session?.stop();
    view = next;
    node.replaceChildren(view.node);
    view.status?.(state);
    changed();
    view.start?.();
  };
  const ask = (old: Partial<Known>) => {
    const opened = (known: Known, state: string, reason: string) => {
      kept.set(known);
      talk(known, state, reason);
      focus();
    };
    show(newForm(home, old, opened));
  };
  const talk = (known: Known, state = "", reason?: string) => {
    const mine = newChat(home, known, state, reason, {
      changed,
      anew() {
        ask(known);
        focus();
      },
      gone() {
        if (view !== mine) return;
        home.store.forget(known.id);
        enter(known);
      },
    });
    show(mine);
  };
  const enter = (old: Partial<Known> = {}) => {
    const known = kept.get();
    if (known) talk(known);
    else ask(old);
  };

  return {
    node,
    chat: () => (view?.session ? view : undefined),
    fill: () => view || enter(),
    focus,
    status(s) {
      state = s;
      view?.status?.(s);
    },
    elsewhere() {
      const known = kept.get();
      if (!view) return;
      if (known?.id !== view.session?.known.id) enter();
      else if (known) view.session!.seenElsewhere(known.seq);
    },
  };
}
