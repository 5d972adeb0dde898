// The conversation in a page of its own: `<main id="porchlight" data-department="…">`. A page with `id="resumed"` hands over a
// conversation, which is then shown there.

import { frame } from "./host";
import { create, type Panel } from "./panel";
import { readConfig, storageKey } from "./settings";
import { watchStatus } from "./status";

const base = new URL("..", import.meta.url).href.slice(0, -1);

/** Shows the panel in the place of the form that needs no script. */
function show(main: HTMLElement) {
  const config = readConfig(base, main.dataset, frame);
  config.page = true;

  let made: Promise<Panel> | undefined;
  const ask = () => fetch(base + "/v1/status" + config.query, { credentials: "omit" });
  watchStatus(config, ask, async (s) => {
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
  try {
    localStorage.setItem(storageKey(base), conversation);
  } catch {} // the browser forbids it, and the page shows the form
  location.replace(base + "/chat");
}

const resumed = document.getElementById("resumed");
if (resumed) resume(resumed.dataset.conversation!);
else show(document.getElementById("porchlight")!);
