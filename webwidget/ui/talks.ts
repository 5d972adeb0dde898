// The visitor's conversations, where there are more than one: a list of them, the way to it, and how much in the others is unread.

import { h } from "./dom";
import { encode } from "./encode";
import type { Home } from "./home";
import { icon } from "./look";
import type { Session } from "./session";
import type { Held } from "./store";
import type { View } from "./stage";
import { tally } from "./tally";

export { default as css } from "./talks.css";

/** One of the conversations in the answer of `POST /v1/me`, without what our own short names stand for. */
interface Talk extends Omit<Held, "seq"> {
  number: number;
  state: string;
  kind: string;
  about: string;
  name: string;
  email: string;
  with: string;
  seen: number;
  what: { from: string; text: string; at: string };
  count: number;
}

/** How often the list is brought up to date while the page is in view, in milliseconds. */
const often = 30000;

/** What the list does with the panel. */
export interface Place {
  header: HTMLElement;
  present(view: View): void;
  /** Shows the conversation that the browser has. */
  enter(): void;
  /** Shows the form for another conversation. */
  ask(old: object): void;
  focus(): void;
  /** The conversation that is shown, if one is. */
  chat(): { session: Session } | undefined;
}

/** Brings the list up to date. `old` is a conversation in whose place the browser has another one from now on. */
export async function recall(home: Home, place: Place, old?: Held): Promise<void> {
  const { config, say, store } = home;
  const { talks, known } = store;
  const root = place.header.getRootNode() as ShadowRoot;
  let way = place.header.querySelector<HTMLElement>(".back");
  const first = !way;
  way ??= h("button.back", { ariaLabel: say("talks"), hidden: true }, icon("m19 9-7 7 7 7"));
  if (first) place.header.prepend(way);
  const keep = (list: Held[]) => talks.set(list[0] && list.map(({ id, token, seq }) => ({ id, token, seq })));
  const others = (but?: string) => (talks.get() ?? []).filter(({ id }) => id !== but);
  if (old) keep([old, ...others(old.id)]);

  const held = () => [...others(known.get()?.id), ...[known.get() ?? []].flat()];
  const count = (list: Talk[]) => {
    way.hidden = !list[1] && list[0]?.id === known.get()?.id;
    home.others = list.reduce((sum, t) => sum + (t.id === known.get()?.id ? 0 : t.count), 0);
    tally(home, place.chat()?.session.unread() ?? 0);
  };
  const choose = (t: Talk, list: Talk[]) => {
    const now = known.get();
    if (now?.id !== t.id) {
      keep(held().filter(({ id }) => id !== t.id));
      const { id, token, number, name, email, seen, state } = t;
      known.set({ id, token, number, name, email, seq: seen, done: state === "closed" });
    }
    place.enter();
    place.focus();
    count(list);
  };
  const show = (list: Talk[]) => {
    const view = newList(home, list, choose, () => {
      const { name = "", email = "" } = known.get() ?? {};
      place.ask({ name, email }); // of its own, as the other one may still be open
      place.focus();
    });
    place.present(view);
  };
  const ask = async () => {
    const mine = held();
    const answer = config.identity || mine[1] ? await fetchAll(home, mine) : [];
    // What the browser has forgotten meanwhile, since it is somebody else's, is not theirs because the browser asked for it.
    const list = answer.filter(({ id }) => held().some((t) => t.id === id) || !mine.some((t) => t.id === id));
    keep(others().filter(({ id }) => list.some((t) => t.id === id)));
    count(list);
    return list;
  };
  way.onclick = () =>
    ask().then((list) => {
      show(list);
      place.focus();
    }, () => {});

  /** Shows the list anew if it is shown and says something else now, or `anyway`. The focus stays in its place. */
  const renew = (list: Talk[], anyway?: boolean) => {
    const node = root.querySelector(".talks");
    const before = node && lists.get(node);
    if (!before || (!anyway && encode(before) === encode(list))) return;
    const focused = root.activeElement;
    const id = before[[...node.querySelectorAll(".talk")].indexOf(focused!)]?.id;
    show(list);
    if (id) root.querySelectorAll<HTMLElement>(".talk")[list.findIndex((t) => t.id === id)]?.focus();
    else if (node.contains(focused)) place.focus();
  };
  /** Takes what has come in the other conversations. */
  const refresh = async () => {
    if (!document.hidden && !way.hidden) renew(await ask());
  };
  if (first) setInterval(() => refresh().catch(() => {}), often * config.pace());

  await home.learn("teaser"); // the words for what is unread
  const list = await ask();
  if (!first) return renew(list, true); // it may be in another language now
  const now = known.get();
  const writing = store.draft.get() || (root.activeElement as HTMLInputElement | null)?.value;
  if (way.hidden || now?.done === false || writing) return;
  const inside = document.activeElement === root.host;
  if (!list[1] && list[0]!.state !== "closed") choose(list[0]!, list);
  else show(list);
  if (inside) place.focus();
}

/** Asks the service for the conversations: those that the browser remembers, and those of the signed identity. */
async function fetchAll({ config }: Home, held: Held[]): Promise<Talk[]> {
  const conversations = held.map(({ id, token, seq }) => ({ id, token, seen: seq }));
  const ask = (identity: string) => {
    const headers = { "Content-Type": "text/plain", "Accept-Language": config.speaks };
    return fetch(config.base + "/v1/me", { method: "POST", credentials: "omit", headers, body: encode({ identity, conversations }) });
  };
  let answer = await ask(config.identity);
  if (answer.status === 422) answer = await ask(""); // the identity is none, or has expired
  const { conversations: list } = await answer.json();
  return list.map((t: any) => ({ ...t, what: t["last"], count: t["unread"] }));
}

/** What the shown lists say. */
const lists = new WeakMap<Element, Talk[]>();

/** Makes the list. */
function newList({ config, say }: Home, list: Talk[], choose: (t: Talk, list: Talk[]) => void, anew: () => void): View {
  const today = new Date().toDateString();
  const row = (t: Talk) => {
    const { from, text, at } = t.what;
    const then = new Date(at);
    const when = then.toDateString() === today ? then.toLocaleTimeString(config.speaks, { timeStyle: "short" }) : then.toLocaleDateString(config.speaks, { dateStyle: "medium" });
    const news = t.count ? [h("span.count", { role: "img", ariaLabel: say("unread", t.count) }, String(t.count))] : [];
    const stands = t.state === "closed" ? say("past") : t.kind === "ticket" ? say("mailing") : "";
    return h(
      "button.talk",
      { onclick: () => choose(t, list) },
      h("span.top", {}, h("b", { dir: "auto" }, t.with || say("title")), " ", h("time", { dateTime: at }, when)),
      " ",
      h("span.row", { dir: "auto" }, t.about),
      " ",
      h("span.top", {}, h("span.row", { dir: "auto" }, (from === "visitor" ? say("self") + ": " : "") + text), " ", ...news),
      ...(stands ? [" ", h("small", {}, stands)] : []),
    );
  };
  const rows = list.map(row);
  const heading = h("h3", {}, say("talks"));
  const node = h("div.talks", {}, heading, h("ul", { role: "list" }, ...rows.map((r) => h("li", {}, r))), h("button.main", { onclick: anew }, say("another")));
  lists.set(node, list);
  return {
    node,
    talks: true,
    focus: () => (rows[0] ?? heading).focus(),
  };
}
