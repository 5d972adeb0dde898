// The page's calls, as in `porchlight("open")` and `porchlight.open()`. What carries them out is fetched with the first one.

import type { Porchlight } from "../npm/index";

/** One call of the page: its name and what it is called with, and what settles the promise that the page got. */
export type Call = [what: unknown[], done: (value: unknown) => void, fail: (why: unknown) => void];

/** What the page may have put in our place before, and what is there then: a function with a queue. */
type Stub = ((...what: unknown[]) => Promise<unknown>) & { q?: { push(c: Call): unknown } };

/** Takes the calls that the page has made already, and those to come. `begin` fetches what carries them out. */
export function takeCalls(begin: () => Promise<(c: Call) => void>): void {
  let ready: Promise<(c: Call) => void> | undefined;
  const push = (c: Call) =>
    (ready ??= begin()).then(
      (run) => run(c),
      (why) => {
        ready = undefined; // the next call makes another try
        c[2](why);
      },
    );
  const call: Stub = (...what) => new Promise((...done) => push([what, ...done]));
  const early = (window.porchlight as Stub | undefined)?.q as Call[] | undefined;
  call.q = { push };
  window.porchlight = new Proxy(call, { get: (_, name) => call[name as keyof Stub] ?? call.bind(0, name) }) as unknown as Porchlight;
  early?.forEach(push);
  dispatchEvent(new CustomEvent("porchlight:ready"));
}
