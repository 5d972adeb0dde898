import { newNews } from "../events";
import { same, settle, test } from "./check";

const page = new EventTarget();
for (const key of ["addEventListener", "removeEventListener", "dispatchEvent"] as const) Object.assign(globalThis, { [key]: page[key].bind(page) });

test("an event comes to the page and to listeners, with a detail that nobody can change", () => {
  const news = newNews();
  const got: unknown[] = [];
  addEventListener("porchlight:unread", (e) => got.push("page", e.detail));
  news.on("unread", (d) => got.push("listener", d, Object.isFrozen(d)));
  news.tell("unread", { count: 2 });
  same(got, ["page", { count: 2 }, "listener", { count: 2 }, true]);
});

test("a listener that is given twice is called once, and not after off", () => {
  const news = newNews();
  let n = 0;
  const f = () => n++;
  news.on("opened", f);
  news.on("opened", f);
  news.on("closed", f);
  news.tell("opened", null);
  same(n, 1);
  news.off("opened", f);
  news.off("opened", f);
  news.off("error", f);
  news.tell("opened", null);
  news.tell("closed", null);
  same(n, 2);
  news.on("opened", f);
  news.tell("opened", null);
  same(n, 3);
});

test("what is so already is told to whom listens later, and what has only happened is not", async () => {
  const news = newNews();
  const got: unknown[] = [];
  news.tell("unread", { count: 1 });
  news.tell("unread", { count: 3 });
  news.tell("opened", null);
  news.on("ready", (d) => got.push("ready", d));
  news.on("status", () => got.push("status"));
  news.on("unread", (d) => got.push(d));
  news.on("opened", () => got.push("opened"));
  same(got, [], "told at once");
  await settle();
  same(got, ["ready", null, { count: 3 }]);
});

test("a listener that was taken away before it was told hears nothing", async () => {
  const news = newNews();
  let n = 0;
  const f = () => n++;
  news.on("ready", f);
  news.off("ready", f);
  await settle();
  same(n, 0);
});
