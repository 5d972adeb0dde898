// Tells the service that this page is open, and shows the invitation of an operator or of a rule as a bubble beside the
// button. Only pages of a site that has switched it on fetch this module. Nothing is stored in the browser before the visitor
// has opened the panel or said no: the page's id lives in memory, and the service finds out by what the browser says of how the page was
// opened which page of this tab it follows.

import type { Config } from "./config";
import { h } from "./dom";
import { encode, newID } from "./encode";
import { icon } from "./look";
import { storageKey } from "./settings";
import type { Say } from "./say";
import { newSpeaker, spoken } from "./strings";
import css from "./visit.css";
import type { Site, Status } from "./wire";

/** An invitation to talk. */
interface Invitation {
  token: string;
  name?: string;
  /** What the operator says of themselves. */
  about?: string;
  text: string;
}

export interface Visit {
  /** Takes the service's state and what the site has set. */
  show(s: Status, site: Site): void;
}

/**
 * Begins to tell of the page. `host` makes an element that looks as the site wants. `answers` is called with the invitation
 * that the visitor answers, before the panel opens.
 */
export function begin(config: Config, host: Config["look"]["host"], answers: (i: Invitation) => void): Visit {
  const { base } = config;
  const visit = newID();
  const key = storageKey(base) + ":uninvited";
  const navigation = (performance.getEntriesByType("navigation")[0] as PerformanceNavigationTiming | undefined)?.type;
  const seen = new Set<string>();
  let site: Site = {};
  let stream: string | undefined;
  let opened = false; // the panel was open at some time, also on an earlier page
  let gone = false; // the browser leaves the page
  let told = ""; // the page and the panel as they were told last
  let timer = 0;
  let refused = false;
  let pending: Invitation | undefined; // it waits until it disturbs nobody
  let asks: Invitation | undefined; // what is shown, or was shown last
  let place: HTMLElement | undefined;
  let bubble: HTMLElement | undefined; // what is shown now

  const panel = () => document.querySelector("porchlight-panel");
  const button = () => document.querySelector("porchlight-button")!.shadowRoot!.querySelector("button")!;
  /** Whether the site has hidden the button: then nothing is shown beside it. */
  const away = () => !!document.querySelector<HTMLElement>("porchlight-button")?.hidden;
  const open = () => !!config.page || !!panel()?.hasAttribute("open");
  const address = () => location.origin + location.pathname + (site.on_site_query ? location.search : "");
  const state = () => address() + open();
  const kept = (name: string, area: "localStorage" | "sessionStorage" = "localStorage"): any => {
    try {
      return JSON.parse(window[area].getItem(name)!);
    } catch {} // there is nothing, or storage is forbidden
  };
  const refuses = () => refused || kept(key) > Date.now();

  /** Whether the panel was open in this tab. The visitor has opened it, so the browser may remember that for the next page. */
  const wasOpen = () => {
    if (open() && !opened)
      try {
        sessionStorage.setItem(storageKey(base) + ":opened", "1");
      } catch {} // it is remembered as long as the page is open
    return (opened ||= open() || !!kept(storageKey(base) + ":opened", "sessionStorage"));
  };
  const wanted = () => site.on_site === "loaded" || (site.on_site === "open" && wasOpen());
  /**
   * Tells the service where the visitor is, and shows an invitation that it answers. `left`: the page is going away; `hidden`: it
   * is in the background now.
   */
  const tell = async (more: { invitation?: string; outcome?: string; left?: boolean; hidden?: boolean } = {}) => {
    const goes = more.left || more.hidden;
    if (goes ? !told : gone || document.hidden || !wanted()) return;
    clearTimeout(timer);
    const shown = bubble && asks!.token;
    const { department, language, identity } = config;
    told = state();
    const { id, token } = kept(storageKey(base)) ?? {}; // the visitor's earlier conversation
    const headers: Record<string, string> = { "Content-Type": "application/json" };
    if (token) headers.Authorization = "Bearer " + token;
    const page = { url: address(), title: document.title, referrer: document.referrer };
    const body = encode({ visit, page, language, department, open: open(), refuses: refuses(), stream, conversation: id, identity, navigation, invitation: shown, outcome: shown && "shown", ...more });
    let next = 60;
    try {
      const answer = await fetch(base + "/v1/visits", { method: "POST", credentials: "omit", headers, body, keepalive: goes });
      const news = await answer.json();
      if (answer.ok) next = news.next;
      if (news.over && bubble && asks!.token === shown) hide();
      if (news.invitation) take(news.invitation);
    } catch {} // it is told again in a minute
    clearTimeout(timer);
    if (next && !goes) timer = setTimeout(tell, next * 1000);
  };

  const take = (i: Invitation) => {
    if (seen.has(i.token) || refuses()) return;
    seen.add(i.token);
    pending = i;
    show();
  };
  /** Shows what is pending, but neither over the open panel nor while the visitor writes in a field of the page. */
  const show = async () => {
    if (!pending || bubble || open() || document.hidden || away() || document.activeElement?.matches("input,textarea,select,[contenteditable]")) return;
    const i = pending;
    pending = undefined;
    const { say, learn } = newSpeaker(config);
    if (await learn("visit").catch(() => true) || open()) return;
    bubble = draw((asks = i), say);
    if (place) place.shadowRoot!.append(bubble);
    else document.documentElement.append((place = host("porchlight-invitation", css, bubble)));
    tell();
  };
  const part = (tag: "b" | "small", text = "") => h(tag, { dir: "auto", hidden: !text }, text);
  const draw = (i: Invitation, say: Say) =>
    h(
      "section.bubble",
      { ariaLabel: say("invitation"), ...spoken(config.speaks) },
      h("div", { role: "status" }, part("b", i.name), part("small", i.about), h("p", { dir: "auto" }, i.text)),
      h("div.do", {}, h("button.main", { onclick: () => answer(i) }, say("accept")), h("button", { onclick: () => no(i, "refused") }, say("never"))),
      h("button.x", { ariaLabel: say("uninvite"), onclick: () => no(i, "closed") }, icon()),
    );
  const hide = () => {
    const focused = place?.shadowRoot!.activeElement;
    bubble?.remove();
    bubble = undefined;
    if (focused) button().focus();
  };
  const answer = (i: Invitation) => {
    hide();
    answers(i);
    button().click();
    // A conversation that is over is shown first; the answer begins another one.
    let tries = 0;
    const timer = setInterval(() => {
      const inside = panel()?.shadowRoot;
      const anew = inside?.querySelector<HTMLElement>(".banner:not([hidden]) > .main:not([hidden])");
      anew?.click();
      if (anew || inside?.querySelector("form.ask") || ++tries > 50) clearInterval(timer);
    }, 200);
  };
  /** Keeps the visitor's no: for a day, or for good. They have clicked, so the browser may remember it. */
  const no = ({ token }: Invitation, outcome: "closed" | "refused") => {
    hide();
    refused = true;
    try {
      localStorage.setItem(key, encode(outcome === "refused" ? Number.MAX_SAFE_INTEGER : Date.now() + 86400000));
    } catch {} // it is remembered as long as the page is open
    tell({ invitation: token, outcome });
  };

  let before = state();
  setInterval(() => {
    // Only a look each second notices `pushState` and the panel in every browser.
    const now = state();
    if (open() && bubble) {
      answers(asks!); // the visitor has opened the panel by the button
      hide();
    }
    if (away() && bubble) {
      pending = asks;
      hide();
    }
    show();
    if (now === before && now !== told) tell();
    before = now;
  }, 1000);
  document.addEventListener("visibilitychange", () => tell({ hidden: (document.hidden && !gone) || undefined }));
  addEventListener("pagehide", () => {
    tell({ left: true });
    gone = true;
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return;
    gone = false; // the browser had kept the page in its memory
    tell();
  });
  addEventListener("keydown", ({ key }) => {
    const at = document.activeElement;
    if (key === "Escape" && bubble && (at === document.body || at === place)) bubble.querySelector<HTMLElement>(".x")!.click();
  });

  return {
    show(s, now) {
      const fresh = s.stream && s.stream !== stream;
      site = now;
      stream = s.stream ?? stream;
      if (s.invited || fresh || !told) tell();
    },
  };
}
