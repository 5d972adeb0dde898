// The conversation in a page of its own: `<main id="porchlight" data-department="…">`.

import { create, type Panel } from "./panel";
import { readConfig } from "./settings";
import { watchStatus } from "./status";

const main = document.getElementById("porchlight")!;
const config = readConfig(new URL("..", import.meta.url).href, main.dataset);
config.page = true;

let made: Promise<Panel> | undefined;
watchStatus(config, async (s) => {
  made ??= create(config);
  try {
    const panel = await made;
    panel.status(s);
    if (!panel.node.isConnected) main.replaceChildren(panel.node); // the panel takes the place of the form that needs no script
  } catch {
    made = undefined; // the words did not come; the next status makes another try
  }
});
