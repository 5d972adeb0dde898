// A small test bench. It runs a file's tests one after the other, and prints a line of JSON about each.

const tests: [name: string, run: () => void | Promise<void>][] = [];

export function test(name: string, run: () => void | Promise<void>): void {
  if (!tests.length) setImmediate(start);
  tests.push([name, run]);
}

/** Throws unless both values have the same JSON. */
export function same(got: unknown, want: unknown, what = "value"): void {
  const [a, b] = [JSON.stringify(got), JSON.stringify(want)];
  if (a !== b) throw new Error(`${what} is ${a}, want ${b}`);
}

async function start(): Promise<void> {
  for (const [name, run] of tests) {
    let wrong = "";
    try {
      await run();
    } catch (error) {
      wrong = (error as Error).message;
    }
    console.log(JSON.stringify({ name, wrong }));
  }
}

declare function setImmediate(run: () => void): void;

/** Lets everything happen that needs no time. */
export const settle = (): Promise<void> => new Promise((done) => setImmediate(done));

/** A clock that stands still, in place of the timers. */
export function stillClock(): { pass(ms: number): Promise<void> } {
  let now = 0;
  let last = 0;
  const timers = new Map<number, [due: number, run: () => void]>();
  Object.assign(globalThis, {
    setTimeout: (run: () => void, ms = 0) => (timers.set(++last, [now + ms, run]), last),
    clearTimeout: (id: number) => void timers.delete(id),
  });
  return {
    async pass(ms) {
      await settle();
      for (const end = now + ms; ; ) {
        const next = [...timers].sort(([, a], [, b]) => a[0] - b[0])[0];
        if (!next || next[1][0] > end) {
          now = end;
          return;
        }
        timers.delete(next[0]);
        now = next[1][0];
        next[1][1]();
        await settle();
      }
    },
  };
}

/** A storage of a browser that holds `size` characters. */
export class FakeStorage {
  kept = new Map<string, string>();
  forbidden = false;
  constructor(public size = 1e6) {}
  getItem(key: string): string | null {
    if (this.forbidden) throw new Error("forbidden");
    return this.kept.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    if (this.forbidden || value.length > this.size) throw new Error("forbidden");
    this.kept.set(key, value);
  }
  removeItem(key: string): void {
    if (this.forbidden) throw new Error("forbidden");
    this.kept.delete(key);
  }
}
