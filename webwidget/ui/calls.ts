// What the page can say to the widget: `porchlight("open")`. The page fetches this part with its first call.

import type { Calls } from "../npm/index";
import type { Complaint } from "./config";
import { newNews, type News } from "./events";
import type { Call } from "./queue";
import type { Session } from "./session";
import { newStory } from "./story";
import { check, names } from "./usage";
import type { Status } from "./wire";
import { newView, newWorks, type Button, type View, type Works } from "./works";

/** Begins to carry calls out. Returns what carries out one. */
export function begin(button: Button): (c: Call) => void {
  const news = newNews();
  const view = newView(button);
  listen(button, news, view);
  const run = inTurn(newWorks(button, news, view));
  const calls = Object.freeze(Object.fromEntries(names.map((name) => [name, (...args: unknown[]) => run(name, args)]))) as unknown as Calls;
  return ([[name, ...args], done]) => {
    if (name === undefined) done(calls);
    else if (name === "then") (args[0] as (c: Calls) => void)(calls); // of `await porchlight`
    else done(run(name, args));
  };
}

/** Carries calls out one after the other, so that their order is kept. Listeners need not wait, or they would miss something. */
function inTurn(works: Works): (name: unknown, args: unknown[]) => Promise<unknown> {
  let turn: Promise<unknown> = Promise.resolve();
  return (name, args) =>
    new Promise((done, fail) => {
      const work = async () => {
        check(name, args);
        const rest = await (works[name] as (...args: unknown[]) => unknown)(...args);
        done(typeof rest === "function" ? rest() : rest);
      };
      if (name === "on" || name === "off") work().catch(fail);
      else turn = turn.then(work).catch(fail);
    });
}

/** Lets the page hear what happens from now on. */
function listen({ config, panel, status }: Button, { tell }: News, view: View): void {
  const { unread, toggled } = config;
  const story = newStory(tell);
  let last = "";
  const show = (s: Status) => {
    const now = view.status(s);
    if (last !== (last = view.text(now))) tell("status", now);
    view.arrived();
  };
  config.unread = (count, label) => {
    unread(count, label);
    if (view.unread !== (view.unread = count)) tell("unread", { count });
  };
  config.toggled = (open) => {
    toggled(open);
    tell(open ? "opened" : "closed", null);
  };
  config.scripts = { ...story, show, complain: (code, about) => tell("error", { code, about }), rated: (number, score) => tell("rated", { number, score }) };
  const now = status();
  if (now) show(now);
  for (const [code, , ...about] of [...config.said].map((words) => words.split(" "))) tell("error", { code: code as Complaint, about: about.join(" ") });
  const resume = (session?: Session) => {
    story.resume(session);
    const count = session?.unread();
    if (count) tell("unread", { count: (view.unread = count) });
  };
  void panel()?.then((p) => resume(p.stage.chat()?.session), () => {});
}
