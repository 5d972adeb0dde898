// The files under way. They go one after the other. A file keeps its id at every try, so that the service stores it once.

import type { Composer } from "./composer";
import { human } from "./file";
import { passing } from "./api";
import { h } from "./dom";
import { newID } from "./encode";
import { icon } from "./look";
import type { Session } from "./session";
import type { Home } from "./home";
import type { Key, Say } from "./say";

/** Sends a file. */
export type Upload = (file: File) => void;

/** One file below the messages: its name, how far it is or what is wrong, and buttons to send it again or drop it. */
interface Row {
  node: HTMLElement;
  bar: HTMLProgressElement;
  again: HTMLButtonElement;
  drop: HTMLButtonElement;
  /** Says what is wrong. An empty text says that the file is under way. */
  complain(text: string, again?: boolean): void;
}

function newRow(say: Say, name: string): Row {
  const bar = h("progress", { ariaLabel: say("uploading", name) });
  const wrong = h("span.wrong", { role: "alert" });
  const again = h("button", {}, say("retry"));
  const drop = h("button", {}, icon());
  const node = h("div.bar.upload", { role: "group", ariaLabel: name }, h("div", {}, name, bar, wrong), again, drop);
  const complain = (text: string, passing = false) => {
    wrong.textContent = text;
    bar.hidden = !!text;
    again.hidden = !passing;
    drop.ariaLabel = drop.title = say(text ? "dismiss" : "cancel");
  };
  return { node, bar, again, drop, complain };
}

/** Makes the function that sends files. It shows a file above the composer until the file is sent. */
export function newUpload({ config, say }: Home, session: Session, composer: Composer): Upload {
  const { known, model, signal } = session;
  let turn = Promise.resolve();

  /** Says why a file was not taken. `detail` is what the service said. */
  const reason = (status: number, detail?: string) => {
    const reasons: Record<number, Key> = { 409: model.state === "closed" ? "closed" : "many", 413: "big", 415: "kind" };
    const key = reasons[status];
    return key ? say(key, human(model.files!.max_bytes, config.speaks)) : detail || say("failed");
  };

  const queue = (send: () => Promise<void>) => {
    const mine = (turn = turn.then(send));
    addEventListener("beforeunload", ask);
    void mine.then(() => turn === mine && removeEventListener("beforeunload", ask));
  };

  return (file) => {
    const call = new XMLHttpRequest(); // fetch can't tell how far an upload is
    const body = new FormData();
    body.append("client_id", newID());
    body.append("file", file);
    const row = newRow(say, file.name);
    const end = () => {
      call.abort();
      row.node.remove();
    };
    const send = () =>
      new Promise<void>((done) => {
        if (!row.node.isConnected || signal.aborted) return done(); // the visitor cancelled the file while it waited
        call.open("POST", `${config.base}/v1/conversations/${known.id}/files`);
        call.setRequestHeader("Authorization", "Bearer " + known.token);
        call.setRequestHeader("Accept-Language", config.speaks!);
        call.responseType = "json";
        call.onloadend = () => {
          const { status, response } = call;
          if (status === 200 || status === 201) row.node.remove();
          else row.complain(reason(status, response?.detail), passing(status));
          done();
        };
        call.send(body);
      });
    const start = () => {
      row.complain("");
      row.bar.removeAttribute("value"); // the file waits for its turn
      queue(send);
    };
    call.upload.onprogress = ({ loaded, total }) => (row.bar.value = loaded / total);
    row.again.onclick = () => {
      start();
      row.drop.focus(); // the button that had the focus is gone
    };
    row.drop.onclick = () => {
      end();
      composer.focus();
    };
    signal.addEventListener("abort", end);
    composer.node.before(row.node);
    if (file.size > model.files!.max_bytes) row.complain(reason(413));
    else start();
  };
}

/** Makes the browser ask before the visitor leaves the page, since a file under way would be lost. */
const ask = (e: BeforeUnloadEvent) => {
  e.preventDefault();
  e.returnValue = "?"; // for Chrome before 119
};
