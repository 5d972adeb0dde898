// The script that a site includes. It puts the button's element into the page and asks for the service's state, while what
// brings the button to life is on its way.

import { frame } from "./host";

function start({ src, dataset }: HTMLScriptElement): void {
  const base = new URL(".", src).href.slice(0, -1);
  const query = "?department=" + encodeURIComponent(dataset.department ?? "");
  const ask = (which = query) => fetch(base + "/v1/status" + which, { credentials: "omit" });
  const first = document.hidden ? undefined : ask();
  const button = document.createElement("button");
  button.hidden = true;
  const host = frame.host("porchlight-button", button);
  document.documentElement.append(host);
  // A classic script of another origin can't name a module by a relative address.
  import(`${base}/widget/life-${__VERSION__}.js`).then(
    (module: typeof import("./life")) => module.live(base, dataset, frame, button, ask, first),
    () => {
      // From a page whose policy forbids the rest, the visitor reaches us by the page of the service.
      console.error(`porchlight: ${base}/widget/ did not load. Does the script-src of this page's policy allow it?`);
      button.onclick = () => open(base + "/chat" + query);
      button.textContent = "Support";
      button.hidden = false;
    },
  );
}

// A framework that swaps pages may run this script again, and a page may have its tag twice. The first run's button stays.
const script = (document.currentScript ?? document.querySelector("[type=module][src*='/widget.js']")) as HTMLScriptElement; // a module has no currentScript
const begin = () => customElements.get("porchlight-button") || start(script);
if (document.body) begin();
else addEventListener("DOMContentLoaded", begin);
