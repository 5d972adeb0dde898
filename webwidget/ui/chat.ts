// The view of one conversation: banner, messages, files under way, composer.

import type { Fresh } from "./ask";
import { newBanner } from "./banner";
import { newComposer } from "./composer";
import { h, setText } from "./dom";
import { newLog, type Log } from "./log";
import { newOutage } from "./outage";
import { newSession, type Session } from "./session";
import type { Known } from "./store";
import type { Home } from "./home";
import type { Upload } from "./upload";

/** The panel's side of a chat: the chat calls these. */
export interface Owner {
  changed(): void;
  /** The visitor wants another conversation. */
  anew(): void;
  /** The service no longer knows the conversation. */
  gone(): void;
}

export interface Chat {
  node: HTMLElement;
  status?: undefined;
  session: Session;
  log: Log;
  start(): void;
  focus(): void;
  /** Asks whether the chat shall end. */
  end(): void;
  /** Takes what the visitor drags over the panel, or drops there. */
  drag(e: DragEvent): void;
}

/** Makes the view of a conversation. `fresh` is there if the visitor has just opened it. */
export function newChat(home: Home, known: Known, fresh: Fresh | undefined, owner: Owner): Chat {
  const { say } = home;
  let upload: Upload | undefined;
  let tease: (() => void) | undefined;
  let portray: (() => void) | undefined;
  let way: (() => void) | undefined;
  const typing = h("span");
  const alert = h("p.wrong", { role: "alert" });
  const fail = (text = say("failed")) => (alert.textContent = text);

  const lack = () => fail(say("lacking"));
  const extras = (use: (parts: typeof import("./extras")) => void) => home.layer("extras", use, lack);
  const files = (use: (parts: typeof import("./files")) => void) => home.layer("files", use, lack);
  const edit = () => extras((parts) => parts.edit(say, composer, log.tail, send));
  const end = () => extras((parts) => parts.askEnd(say, composer, session, () => session.call("/close", {}).catch(() => fail())));
  const more = () => extras((parts) => parts.ending(home, session, banner, composer, owner.anew));
  const attach = (list: File[]) => files((parts) => list.forEach((upload ??= parts.newUpload(home, session, composer))));
  const send = (text: string, replaces?: number) => {
    fail("");
    log.pend(session.outbox.add(text, replaces));
  };
  const typed = (active: boolean) => session.model.state === "active" && session.tell("/typing", { active });

  const outage = newOutage(say);
  const banner = newBanner(say, more);
  const log = newLog(home, { extras, files }, edit, owner.changed);
  const composer = newComposer(say, home.store.draft, { send, edit, attach, typing: typed, pace: home.config.pace });

  const changed = () => {
    const { model } = session;
    const closed = model.state === "closed";
    banner.show(model);
    composer.take(model.files?.types);
    setText(typing, model.typing && say("typing", model.typing));
    log.during(() => log.tail.ticks(model.receipts, !closed));
    owner.changed();
    if (model.met.size && home.config.pace() < 2) home.layer("faces", (part: typeof import("./faces")) => (portray ??= part.portray(home, session, log.node))());
    if (way || model.operators[0]?.whatsapp) import("./whatsapp").then((part) => (way ??= part.newWay(session, log.node))(), () => {});
    if (session.unread() || model.position) home.layer("teaser", (part: typeof import("./teaser")) => (tease ??= part.newTeaser(home, session, log))());
    else tease?.();
  };
  const session = newSession(home, known, fresh, {
    event(e) {
      log.add(e, e.seq! <= session.model.included);
      home.config.scripts?.event(e, session);
      for (const u of session.outbox.list()) if (u.replaces === e.seq) log.pend(u);
    },
    changed,
    up: outage.up,
    stored(pending, seq) {
      log.stored(pending, seq);
      changed();
    },
    later: (_, after) => log.tail.hint(after ? say("slow", Math.ceil(after / 1000)) : say("later")),
    refused({ client_id, text }, why) {
      log.drop(client_id);
      composer.restore(text);
      fail(why.errors.text || why.detail);
      changed();
    },
    gone: owner.gone,
  });
  if (fresh) log.first(fresh.reason);
  session.outbox.list().forEach(log.pend);

  const node = h("div.chat", {}, outage.node, banner.node, log.node, h("div.typing", {}, typing, log.tail.pen), alert, composer.node);
  return {
    node,
    session,
    log,
    start() {
      session.start(); // its request goes before those for parts, which a slow line feels
      changed();
    },
    focus: composer.focus,
    end,
    drag(e) {
      const { files: list, types } = e.dataTransfer!;
      if (!session.model.files || !types.includes("Files")) return;
      e.preventDefault();
      if (e.type === "drop") attach([...list]);
      else files((parts) => parts.cover(say, node));
    },
  };
}
