// Files under way. Each keeps its id at every try, so that the service stores it once; they go one after the other.

import { newID } from "./api";
import { human } from "./bubble";
import { h } from "./dom";
import type { Session } from "./session";
import type { Home } from "./types";

export interface Uploads {
  node: HTMLElement;
  add(file: File): void;
}

/** `rest` is told when a row is gone that had the focus. */
export function newUploads({ config, say }: Home, session: Session, rest: () => void): Uploads {
  const node = h("div");
  const { known, model, signal } = session;
  let turn = Promise.resolve();

  const add = (file: File) => {
    const client_id = newID();
    const call = new XMLHttpRequest(); // fetch can't tell how far an upload is
    const bar = h("progress", { ariaLabel: say("uploading", file.name) });
    const wrong = h("span.wrong", { role: "alert" });
    const again = h("button", { hidden: true }, say("retry"));
    const drop = h("button", { ariaLabel: say("cancel"), title: say("cancel") }, "×");
    const row = h("div.bar.upload", { role: "group", ariaLabel: file.name }, h("div", {}, file.name, bar, wrong), again, drop);
    const end = () => {
      call.abort();
      row.remove();
    };
    const fail = (text: string) => {
      wrong.textContent = text;
      bar.hidden = true;
      drop.ariaLabel = drop.title = say("dismiss");
    };
    const send = () =>
      new Promise<void>((done) => {
        if (!row.isConnected || signal.aborted) return done(); // cancelled while it waited
        call.open("POST", `${config.base}/v1/conversations/${known.id}/files`);
        call.setRequestHeader("Authorization", "Bearer " + known.token);
        call.responseType = "json";
        call.onloadend = () => {
          done();
          if (call.status === 200 || call.status === 201) return end();
          fail(call.response?.detail || say("failed"));
          again.hidden = false;
        };
        const body = new FormData();
        body.append("client_id", client_id);
        body.append("file", file);
        call.send(body);
      });
    const start = () => {
      again.hidden = true;
      wrong.textContent = "";
      bar.hidden = false;
      bar.removeAttribute("value"); // it waits
      turn = turn.then(send);
    };
    call.upload.onprogress = ({ loaded, total }) => (bar.value = loaded / total);
    again.onclick = start;
    drop.onclick = () => {
      end();
      rest();
    };
    signal.addEventListener("abort", end);
    node.append(row);
    const most = model.files?.max_bytes;
    if (file.size > most!) fail(say("big", human(most!)));
    else start();
  };
  return { node, add };
}
