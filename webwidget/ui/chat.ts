// The view of one conversation: banner, messages, files under way, composer.

import { newBanner } from "./banner";
import { newComposer } from "./composer";
import { h, put } from "./dom";
import { newLog, type Log } from "./log";
import { newSession, type Session } from "./session";
import type { Known } from "./store";
import type { Home } from "./types";
import type { Uploads } from "./upload";

/** What the panel is told. */
export interface Owner {
  changed(): void;
  /** The visitor wants another conversation. */
  anew(): void;
  /** The service no longer knows the conversation. */
  gone(): void;
}

export interface Chat {
  node: HTMLElement;
  session: Session;
  log: Log;
  start(): void;
  focus(): void;
  /** Asks whether the chat shall end. */
  end(): void;
  /** Something is dragged over the panel, or let go there. */
  drag(e: DragEvent): void;
}

export function newChat(home: Home, known: Known, state: string, owner: Owner): Chat {
  const { say } = home;
  let down = 0;
  let uploads: Uploads | undefined;
  const typing = h("div.typing");
  const alert = h("p.wrong", { role: "alert" });
  const status = h("p.wrong.line", { role: "status" });
  const files = h("div");

  const paint = () => {
    const { model } = session;
    const closed = model.state === "closed";
    banner.show(model, known.email);
    composer.show(say(closed ? "again" : "write"), model.files?.types);
    put(typing, model.typing && say("typing", model.typing));
    log.ticks(model.receipts, !closed);
    owner.changed();
  };
  const send = (text: string, replaces?: number) => {
    alert.textContent = "";
    log.pend(session.outbox.add(text, replaces));
  };
  const fail = (text = say("failed")) => (alert.textContent = text);
  const extras = (use: (parts: typeof import("./extras")) => void) => void import("./extras").then(use).catch(() => fail());
  const edit = () => extras((parts) => parts.edit(say, composer, log, send));
  const attach = (list: Iterable<File>) =>
    extras(({ newUploads }) => {
      uploads ??= newUploads(home, session, composer.focus);
      files.append(uploads.node);
      for (const file of list) uploads.add(file);
    });
  /** A line that is down for a moment only is not worth a word. */
  const up = (is: boolean) => {
    if (!is) return void (down ||= setTimeout(() => put(status, say("down")), 2000));
    clearTimeout(down);
    put(status, "");
    down = 0;
    owner.changed();
  };

  const log = newLog(home, edit, owner.changed);
  const banner = newBanner(say, (address) => session.email(address), owner.anew);
  const typed = (active: boolean) => session.model.state === "active" && session.tell("/typing", { active });
  const composer = newComposer(say, { send, edit, attach, typing: typed });

  const stay = () => {
    sure.hidden = true;
    composer.focus();
  };
  const end = () => {
    stay();
    session.call("/close", {}).catch(() => fail());
  };
  const sure = h(
    "div.bar.sure",
    { role: "group", ariaLabel: say("sure"), hidden: true },
    h("span", {}, say("sure")),
    h("button.main", { onclick: end }, say("end")),
    h("button", { onclick: stay }, say("stay")),
  );

  const session = newSession(
    home,
    known,
    {
      event(e) {
        log.add(e, e.seq! <= session.model.known);
        for (const u of session.outbox.list()) if (u.replaces === e.seq) log.pend(u);
      },
      changed: paint,
      up,
      stored({ client_id }, seq) {
        log.stored(client_id, seq);
        paint();
      },
      later: (_, after) => log.hint(after ? say("slow", Math.ceil(after / 1000)) : say("later")),
      refused({ client_id, text }, why) {
        log.drop(client_id);
        composer.restore(text);
        fail(why.errors.text || why.detail);
        paint();
      },
      gone: owner.gone,
    },
    state,
  );
  session.outbox.list().forEach(log.pend);
  return {
    node: h("div.chat", {}, status, banner.node, log.node, typing, alert, sure, files, composer.node),
    session,
    log,
    start() {
      paint();
      session.start();
    },
    focus: composer.focus,
    end() {
      sure.hidden = false;
      sure.querySelector("button")!.focus();
    },
    drag(e) {
      if (!session.model.files || !e.dataTransfer!.types.includes("Files")) return;
      e.preventDefault();
      if (e.type === "drop") attach(e.dataTransfer!.files);
    },
  };
}
