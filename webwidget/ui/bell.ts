// The bell calls a visitor back who looks elsewhere: the page's title counts what is unread, and whoever has switched the bell on
// gets a sound and, if the browser may, a notification.

import type { Entry } from "./entry";
import { h } from "./dom";
import type { Home } from "./home";
import { icon } from "./look";
import { ring } from "./ring";
import type { Session } from "./session";
import { storageKey } from "./settings";
import { page } from "./where";

/** For how long a tab waits whether another one shows the message, and then keeps other tabs from calling, too. In milliseconds. */
const [patience, alone] = [400, 2000];

let mark = ""; // what stands before the page's title
const title = () => document.title.slice(document.title.startsWith(mark) ? mark.length : 0);

/** Makes the bell, whose switch stands in the panel's header. Returns what takes how many messages are unread, and the newest of them. */
export function newBell({ config, say }: Home, { signal, known, model }: Session, panel: Element): (count: number, entry?: Entry) => void {
  page.title = title;
  const key = storageKey(config.base) + ":bell";
  let last = 0;
  let on = !!config.sounds;
  try {
    on = (localStorage.getItem(key) ?? String(on)) === "true";
  } catch {} // storage is forbidden
  const button = h("button.bell", { ariaLabel: say("bell"), title: say("bell") });
  const paint = () => {
    button.ariaPressed = String(on);
    button.replaceChildren(icon("M8 22h16l-2-3v-6a6 6 0 0 0-12 0v6zM14 27h4" + (on ? "" : "M5 5l22 23")));
  };
  button.onclick = () => {
    on = !on;
    paint();
    try {
      localStorage.setItem(key, String(on));
    } catch {} // it is remembered as long as the page is open
    if (!on) return;
    ring();
    if (globalThis.Notification?.permission === "default") void Notification.requestPermission();
  };
  const count = (unread: number) => {
    const own = title();
    mark = unread ? `(${unread}) ` : "";
    if (document.title !== mark + own) document.title = mark + own;
  };
  const call = (entry?: Entry) => {
    ring();
    if (!document.hidden || !entry || globalThis.Notification?.permission !== "granted") return;
    try {
      const note = new Notification(entry.name, { body: entry.text ?? entry.body.textContent!, tag: known.id, lang: config.speaks });
      note.onclick = () => {
        focus();
        if (!panel.hasAttribute("open")) document.querySelector("porchlight-button")?.shadowRoot!.querySelector("button")?.click();
        note.close();
      };
    } catch {} // a phone wants a service worker for that, which a page's guest must not install
  };
  const wait = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));
  /** One of all tabs calls. */
  const ask = async (unread: number, entry?: Entry) => {
    await wait(patience);
    if (last < unread || signal.aborted) return; // another tab shows the message
    if (!navigator.locks) return call(entry);
    await navigator.locks.request(key, { ifAvailable: true }, (mine) => {
      if (!mine) return;
      call(entry);
      return wait(alone);
    });
  };

  const header = panel.shadowRoot!.querySelector("header")!;
  header.querySelector(".bell")?.remove(); // that of an earlier conversation
  header.insertBefore(button, header.querySelector(".shut"));
  signal.addEventListener("abort", () => {
    button.remove();
    count(0);
  });
  paint();
  return (unread, entry) => {
    if (signal.aborted) return;
    count(unread);
    // what was there before is no news, as on the next page or in another language
    if (on && unread > last && entry?.seq! > model.included) ask(unread, entry).catch(() => call(entry)); // locks are forbidden
    last = unread;
  };
}
