// The conversation's event stream by fetch (EventSource can't send headers), with resume and back-off. Of the format
// (HTML standard §9.2.6) it reads what the service writes: one line of data for each event, with all that is to know.

import { backOff, pause, type Problem } from "./api";
import type { Slot } from "./store";
import type { Ev } from "./types";

/** No byte for this long: the line is dead (the service sends a comment at least every 20 s). */
const silence = 45000;

/** No first byte for this long, after the service has answered a call: something on the way holds streams back. */
const held = 5000;

/** How long a poll waits, in seconds: proxies cut what takes longer than 30. */
const wait = 20;

export interface Feed {
  /** Asks for events; `query` with its question mark. */
  open(query: string, headers: Record<string, string>, line: AbortController): Promise<Response>;
  /** The newest event known. */
  last(): number;
  /** Whether the conversation goes by long poll. */
  poll: Slot<boolean>;
  /** Called when that begins. */
  held(): void;
  /** Called before each connection and after each poll; what it throws counts as a failed connection. */
  before(): Promise<void>;
  event(e: Ev): void;
  /** Whether the line is up. */
  up(is: boolean): void;
  /** The conversation no longer exists for this token. */
  gone(): void;
}

/** Follows the conversation until the signal fires or the conversation is gone. */
export async function follow(feed: Feed, signal: AbortSignal): Promise<void> {
  let line: AbortController;
  let online = false;
  let mute = 0; // lines in a row that gave a first byte and nothing after it
  const cut = () => line.abort();
  signal.addEventListener("abort", cut);
  addEventListener("online", () => {
    online = true; // the network changed: the line may be dead, and a new one is cheap
    cut();
  }, { signal });
  for (let tries = 0; !signal.aborted; tries++) {
    const began = Date.now();
    let after = 0;
    line = new AbortController();
    online = false;
    try {
      await feed.before();
      if (feed.poll.get()) await poll(feed, line);
      else await read(feed, line, (beats) => {
        mute = beats === 1 ? mute + 1 : 0;
        if (beats && mute < 2) return;
        feed.poll.set(true);
        feed.held();
        online = true; // no need to wait
      });
    } catch (error) {
      const why = error as Partial<Problem>; // or the browser's error
      if (why.gone && !signal.aborted) return feed.gone();
      after = why.after ?? 0;
    }
    if (signal.aborted) return;
    feed.up(false);
    if (Date.now() - began > 5000) tries = 0;
    if (!online) await pause(after || backOff(tries), signal, !!after);
  }
}

/** Reads one stream to its end. `silent` is called before the end if it fell silent, with how often there was something. */
async function read(feed: Feed, line: AbortController, silent: (beats: number) => void): Promise<void> {
  let watchdog = 0;
  let beats = 0;
  const dead = () => {
    silent(beats);
    line.abort();
  };
  const watch = (ms: number) => {
    clearTimeout(watchdog);
    watchdog = setTimeout(dead, ms);
  };
  watch(held);
  try {
    const headers = { Accept: "text/event-stream", "Last-Event-ID": String(feed.last()) };
    const answer = await feed.open("", headers, line);
    const text = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (let piece; !(piece = await text.read()).done; beats++) {
      watch(silence);
      feed.up(true);
      const lines = (rest + piece.value).split("\n");
      rest = lines.pop()!; // has not come whole
      for (const line of lines) if (line.startsWith("data:")) feed.event(JSON.parse(line.slice(5)));
    }
  } finally {
    clearTimeout(watchdog);
  }
}

/** Asks for what is new, over and over until something fails. */
async function poll(feed: Feed, line: AbortController): Promise<void> {
  for (;;) {
    feed.up(true);
    const limit = setTimeout(() => line.abort(), silence);
    const answer = await feed.open(`?after=${feed.last()}&wait=${wait}`, {}, line);
    for (const e of (await answer.json()).events) feed.event(e);
    clearTimeout(limit);
    await feed.before(); // how far the visitor's messages have come
  }
}
