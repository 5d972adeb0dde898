// The script that a site includes. It draws the button with the state that the service has now, and fetches what keeps it alive.

import { asker } from "./ask";
import css from "./button.css";
import type { Paint } from "./life";
import { look, make } from "./look";

function start({ src, dataset }: HTMLScriptElement): void {
  const base = new URL(".", src).href.slice(0, -1);
  const { department = "" } = dataset;
  const query = "?department=" + encodeURIComponent(department);
  const word = make("span", {});
  const button = make("button", { "aria-haspopup": "dialog", "aria-expanded": "false", hidden: "" }, look.bulb(), word, make("b", { hidden: "" }));
  const paint: Paint = ({ status }, news = "") => {
    button.classList.toggle("lit", status === "online");
    word.textContent = status.toUpperCase();
    button.ariaLabel = "Support: " + word.textContent + news;
    button.hidden = false;
  };
  const ask = asker(base, department && query);
  const first = document.hidden ? undefined : ask();
  // What a site has set for its button is shown by life, so that nothing is seen in another colour before.
  first?.then(([{ ok }, s]) => ok && s && !s.settings && button.hidden && paint(s), () => {});
  // A classic script of another origin can't name a module by a relative address.
  const life = import(`${base}/widget/life-${__VERSION__}.js`).then((module: typeof import("./life")) =>
    module.live(base, dataset, look, button, paint, ask, first),
  );
  const chat = () => open(base + "/chat" + query);
  life.catch(() => {
    // From a page whose policy forbids the rest, the visitor reaches us by the page of the service.
    button.onclick = chat;
    console.error(`porchlight: policy ${base} script-src`);
  });
  button.onclick = () => life.then((click) => click(), chat);
  document.body.append(look.host("porchlight-button", css, button));
}

// A framework that swaps pages may run this script again. The first run's button stays.
const script = document.currentScript as HTMLScriptElement;
if (!customElements.get("porchlight-button")) {
  if (document.body) start(script);
  else addEventListener("DOMContentLoaded", () => start(script));
}
