// The conversation in a page of its own: `<main id="porchlight" data-department="…">`.

import { create, type Panel } from "./panel";
import { readConfig } from "./settings";
import { watchStatus } from "./status";

const main = document.getElementById("porchlight")!;
const config = readConfig(new URL("..", import.meta.url).href, main.dataset);
config.page = true;

let panel: Promise<Panel> | undefined;
watchStatus(config.base, config.department, async (s) => {
  panel ??= create(config);
  (await panel).status = s;
  if (!(await panel).isConnected) main.replaceChildren(await panel); // until then the form that needs no script is there
});
