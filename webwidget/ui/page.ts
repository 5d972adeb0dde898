// The conversation in a page of its own: `<main id="porchlight" data-department="…">`. A page with `id="resumed"` hands over a
// conversation, which is then shown there.

import { create, type Panel } from "./panel";
import { readConfig } from "./settings";
import { newStore } from "./store";
import { watchStatus } from "./status";

const base = new URL("..", import.meta.url).href;

/** Shows the panel in the place of the form that needs no script. */
function show(main: HTMLElement) {
  const config = readConfig(base, main.dataset);
  config.page = true;

  let made: Promise<Panel> | undefined;
  watchStatus(config, async (s) => {
    made ??= create(config);
    try {
      const panel = await made;
      panel.status(s);
      if (!panel.node.isConnected) main.replaceChildren(panel.node);
    } catch {
      made = undefined; // the words did not come; the next status makes another try
    }
  });
}

/** Takes the conversation to which a link in a mail has led the visitor, in place of the one that the browser has. */
function resume(conversation: string) {
  const own = base.slice(0, -1);
  newStore(own).known.set(JSON.parse(conversation));
  location.replace(own + "/chat");
}

const resumed = document.getElementById("resumed");
if (resumed) resume(resumed.dataset.conversation!);
else show(document.getElementById("porchlight")!);
