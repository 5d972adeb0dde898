import { newBell } from "../events";
import { same, settle, test } from "./check";

const page = new EventTarget();
for (const key of ["addEventListener", "removeEventListener", "dispatchEvent"] as const) Object.assign(globalThis, { [key]: page[key].bind(page) });

test("an event comes to the page and to listeners, with a detail that nobody can change", () => {
  const bell = newBell();
  const got: unknown[] = [];
  addEventListener("porchlight:unread", (e) => got.push("page", e.detail));
  bell.on("unread", (d) => got.push("listener", d, Object.isFrozen(d)));
  bell.ring("unread", { count: 2 });
  same(got, ["page", { count: 2 }, "listener", { count: 2 }, true]);
});

test("a listener that is given twice is called once, and not after off", () => {
  const bell = newBell();
  let n = 0;
  const f = () => n++;
  bell.on("opened", f);
  bell.on("opened", f);
  bell.on("closed", f);
  bell.ring("opened", null);
  same(n, 1);
  bell.off("opened", f);
  bell.off("opened", f);
  bell.off("error", f);
  bell.ring("opened", null);
  bell.ring("closed", null);
  same(n, 2);
  bell.on("opened", f);
  bell.ring("opened", null);
  same(n, 3);
});

test("what is so already is told to whom listens later, and what has only happened is not", async () => {
  const bell = newBell();
  const got: unknown[] = [];
  bell.ring("unread", { count: 1 });
  bell.ring("unread", { count: 3 });
  bell.ring("opened", null);
  bell.on("ready", (d) => got.push("ready", d));
  bell.on("status", () => got.push("status"));
  bell.on("unread", (d) => got.push(d));
  bell.on("opened", () => got.push("opened"));
  same(got, [], "told at once");
  await settle();
  same(got, ["ready", null, { count: 3 }]);
});

test("a listener that was taken away before it was told hears nothing", async () => {
  const bell = newBell();
  let n = 0;
  const f = () => n++;
  bell.on("ready", f);
  bell.off("ready", f);
  await settle();
  same(n, 0);
});
