// What each call of the page does.

import type { Availability, Calls, Department, State } from "../npm/index";
import type { Config } from "./config";
import { encode } from "./encode";
import type { News } from "./events";
import { forget } from "./forget";
import type { Panel } from "./panel";
import { ask, redraw, translate } from "./redraw";
import type { Group } from "./say";
import { speaks } from "./strings";
import { wrong } from "./usage";
import type { Status } from "./wire";

/** What the button hands over. */
export interface Button {
  config: Config;
  host: HTMLElement;
  load(): Promise<Panel>;
  /** The panel, if it has been fetched. */
  panel(): Promise<Panel> | undefined;
  /** The service's state, if it is known. */
  status(): Status | undefined;
  /** Asks the service for its state anew, and draws the button anew. */
  again(): void;
}

/** The calls. What a call returns as a function is waited for while the next calls go on. */
export type Works = { [C in keyof Calls]: (...args: Parameters<Calls[C]>) => unknown };

/** What the page is told of how things stand. */
export interface View {
  unread: number;
  status(s: Status): { status: Availability; departments: Department[] };
  /** Tells two states apart. */
  text(of: object): string;
  /** The service's state is known. */
  arrived(): void;
  /** Waits until the service's state is known. A hidden page asks for it when it is shown. */
  wait(): Promise<void>;
}

/** How long a call waits for the service's state, in milliseconds. */
const patience = 20000;

export function newView({ config, status }: Button): View {
  const waiting: (() => void)[] = [];
  return {
    unread: 0,
    status(s) {
      const departments = (s.departments ?? []).map(({ name, title, status }) => ({ name, title, status }));
      return { status: departments.find((d) => d.name === config.department)?.status ?? s.status, departments };
    },
    text: encode,
    arrived() {
      for (const go of waiting.splice(0)) go();
    },
    wait: () =>
      new Promise((go, fail) => {
        if (status()) return go();
        waiting.push(go);
        const late = () => (document.hidden ? document.addEventListener("visibilitychange", watch, { once: true }) : fail(wrong("the service does not answer.")));
        const watch = () => setTimeout(late, patience);
        watch();
      }),
  };
}

const isOpen = (): boolean => !!document.querySelector("porchlight-panel")?.hasAttribute("open");

export function newWorks({ config, host, load, panel, status, again }: Button, news: News, view: View): Works {
  const given = { ...config.attributes };
  const fetched = () => load().catch(() => Promise.reject(wrong("the panel can't be fetched.")));
  const open = async () => {
    const p = await fetched();
    if (!isOpen()) p.toggle(true);
  };
  const close = async () => {
    const p = await panel();
    if (!p || !isOpen()) return;
    const focused = document.activeElement as HTMLElement | null;
    p.toggle(false);
    if (focused !== p.node) focused?.focus(); // the visitor was not in the panel
  };
  /** Fetches the panel, and waits until it shows the conversation if there is one. */
  const ready = async () => {
    const p = await fetched();
    p.stage.fill();
    if (p.home.store.known.get() && !p.stage.chat()) await new Promise<void>((done) => p.home.layer("talk", () => done(), done));
    return p;
  };
  const chat = (p: Panel) => {
    const now = p.stage.chat();
    return now?.session.live() ? now : undefined;
  };

  return {
    open,
    close,
    toggle: () => (isOpen() ? close() : open()),
    "show"() {
      host.hidden = false;
    },
    hide() {
      host.hidden = true;
      return close();
    },
    async startChat(words) {
      const p = await ready();
      if (chat(p)) return open();
      const { draft } = p.home.store;
      const fill = typeof words === "string" && !draft.get();
      if (fill) draft.set(words);
      if (fill || !p.stage.node.querySelector("form.ask")) ask(p);
      return open();
    },
    async endChat() {
      const now = chat(await ready());
      if (!now) throw wrong("there is no chat to end.");
      return () => now.session.call("/close", {}).catch((why) => Promise.reject(wrong(why.detail ?? "the service does not answer.")));
    },
    async setUser(user) {
      const { user: old } = config;
      const before = encode([config.identity, old]);
      config.identity = "identity" in user ? user.identity : "";
      config.user = "identity" in user ? undefined : { ...user };
      const p = await panel();
      if (p && before !== encode([config.identity, config.user])) await redraw(p, old ?? {});
    },
    setAttributes(attributes) {
      for (const [key, value] of Object.entries(attributes)) {
        if (value === null) delete config.attributes[key];
        else config.attributes[key] = value;
      }
    },
    setDepartment(name) {
      const now = status();
      const names = now?.departments?.map((d) => d.name) ?? [];
      if (name && names[0] !== undefined && !names.includes(name)) throw wrong(`there is no department “${name}”. There are ${names.join(", ")}.`);
      config.department = name;
      config.query = "?department=" + encodeURIComponent(name);
      if (now) config.scripts!.show(now);
      again();
    },
    async setLanguage(language) {
      config.language = language;
      config.speaks = speaks(language);
      again();
      const p = await panel();
      if (!p) return;
      await Promise.all(["form", ...Object.keys(p.home.fetched)].map((group) => p.home.learn(group as Group)));
      translate(p, config.speaks);
    },
    setScheme(scheme) {
      config.scheme = scheme;
      const ours = document.querySelectorAll<HTMLElement>("porchlight-button,porchlight-panel,porchlight-teaser,porchlight-invitation");
      for (const { style } of ours) style.setProperty("--porchlight-scheme", scheme === "auto" ? "light dark" : scheme);
    },
    async reset() {
      config.identity = "";
      config.user = undefined;
      config.attributes = { ...given };
      await close();
      forget(config.base, panel() && (await ready()));
      config.unread(0, "");
    },
    getStatus: () => async (): Promise<State> => {
      await view.wait();
      const session = (await panel())?.stage.chat()?.session;
      const { state, operators } = session?.model ?? {};
      const chat = state && { number: session!.known.number, state: state as NonNullable<State["chat"]>["state"], "operators": operators!.map((o) => o.name) };
      return { ...view.status(status()!), open: isOpen(), hidden: host.hidden, "unread": view.unread, ...(chat && { "chat": chat }) };
    },
    on: news.on,
    off: news.off,
  };
}
