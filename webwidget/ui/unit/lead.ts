import { lead } from "../lead";
import { same, settle, test } from "./check";

type Held = { mine: Promise<void>; lose(error: Error): void };

/** Web Locks for one lock (https://w3c.github.io/web-locks/), and channels between tabs. */
function browser(forbidden: { locks?: boolean; channels?: boolean } = {}) {
  let holder: Held | undefined;
  const queue: (() => void)[] = [];
  const next = () => {
    holder = undefined;
    queue.shift()?.();
  };
  const request = ({}: string, { steal, signal }: { steal?: boolean; signal?: AbortSignal }, hold: () => Promise<void> | undefined) => {
    if (forbidden.locks) throw new Error("forbidden");
    return new Promise<void>((done, fail) => {
      const take = () => {
        const held: Held = { mine: Promise.resolve(hold()), lose: fail };
        holder = held;
        void held.mine.then(() => {
          if (holder === held) next();
          done();
        });
      };
      if (steal) {
        holder?.lose(Object.assign(new Error("stolen"), { name: "AbortError" }));
        take();
      } else if (!holder) take();
      else {
        queue.push(take);
        signal?.addEventListener("abort", () => {
          queue.splice(queue.indexOf(take), 1);
          fail(Object.assign(new Error("left"), { name: "AbortError" }));
        });
      }
    });
  };
  const channels = new Set<{ onmessage?(e: { data: unknown }): void }>();
  class BroadcastChannel {
    onmessage?: (e: { data: unknown }) => void;
    constructor() {
      if (forbidden.channels) throw new Error("forbidden");
      channels.add(this);
    }
    postMessage(data: unknown) {
      for (const c of channels) if (c !== this) c.onmessage?.({ data });
    }
    close() {
      channels.delete(this);
    }
  }
  Object.defineProperty(globalThis, "navigator", { value: { locks: { request } }, configurable: true });
  Object.assign(globalThis, { BroadcastChannel });
  return { tab };
}

/** A tab that notes when it leads and what it hears. */
function tab(hidden = false) {
  const listeners: (() => void)[] = [];
  const document = { hidden, addEventListener: (_: string, f: () => void) => listeners.push(f), removeEventListener() {} };
  const heard: string[] = [];
  let ended = 0;
  const as = <T>(act: () => T): T => {
    Object.assign(globalThis, { document });
    return act();
  };
  const mine = as(() => lead<string>("porchlight", (signal) => signal.addEventListener("abort", () => ended++), (what) => heard.push(what)));
  return {
    start: () => as(mine.start),
    stop: () => as(mine.stop),
    show: () => ((document.hidden = false), as(() => listeners.forEach((f) => f()))),
    tell: (what: string) => mine.tell(what),
    leads: mine.leads,
    heard,
    ended: () => ended,
  };
}

test("the tab shown last leads, and tells the others", async () => {
  const { tab } = browser();
  const [a, b] = [tab(), tab(true)];
  a.start();
  b.start();
  await settle();
  same([a.leads(), b.leads()], [true, false], "who leads");
  a.tell("one");
  same([a.heard, b.heard], [[], ["one"]]);
  b.show();
  await settle();
  same([a.leads(), b.leads(), a.ended()], [false, true, 1], "who leads once b is shown");
});

test("when the leading tab goes, another one leads", async () => {
  const { tab } = browser();
  const [a, b] = [tab(), tab(true)];
  a.start();
  b.start();
  await settle();
  a.stop();
  await settle();
  same([a.leads(), b.leads(), a.ended()], [false, true, 1]);
});

test("a tab that lost the lead has it again when the other one goes", async () => {
  const { tab } = browser();
  const [a, b] = [tab(), tab(true)];
  a.start();
  b.start();
  await settle();
  b.show();
  await settle();
  b.stop();
  await settle();
  same([a.leads(), b.leads()], [true, false]);
});

test("a tab that stopped does not lead later", async () => {
  const { tab } = browser();
  const [a, b] = [tab(), tab(true)];
  a.start();
  b.start();
  b.stop();
  await settle();
  a.stop();
  await settle();
  same([a.leads(), b.leads()], [false, false]);
});

test("where the browser forbids locks, channels or both, each tab leads for itself", async () => {
  for (const forbidden of [{ locks: true }, { channels: true }, { locks: true, channels: true }]) {
    const { tab } = browser(forbidden);
    const [a, b] = [tab(), tab(true)];
    a.start();
    b.start();
    await settle();
    same([a.leads(), b.leads()], [true, true], JSON.stringify(forbidden));
    a.tell("one"); // does not throw
  }
});
