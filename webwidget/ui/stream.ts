// The conversation's event stream by fetch (EventSource can't send headers), with resume and back-off. Of the format
// (HTML standard §9.2.6) it reads what the service writes: one line of data for each event, with all that is to know.

import { backOff, pause, request, type Problem } from "./api";
import type { Ev } from "./types";

/** No byte for this long: the line is dead (the service sends a comment at least every 20 s). */
const silence = 45000;

export interface Feed {
  url: string;
  token: string;
  /** The newest event known. */
  last(): number;
  /** Called before each connection; what it throws counts as a failed connection. */
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
      await read(feed, line);
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

/** Reads one connection to its end. */
async function read(feed: Feed, line: AbortController): Promise<void> {
  let watchdog = 0;
  const alive = () => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => line.abort(), silence);
  };
  alive();
  try {
    const headers = { Accept: "text/event-stream", "Last-Event-ID": String(feed.last()) };
    const answer = await request(feed.url, feed.token, headers, { signal: line.signal });
    feed.up(true);
    const text = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (let piece; !(piece = await text.read()).done; alive()) {
      const lines = (rest + piece.value).split("\n");
      rest = lines.pop()!; // has not come whole
      for (const line of lines) if (line.startsWith("data:")) feed.event(JSON.parse(line.slice(5)));
    }
  } finally {
    clearTimeout(watchdog);
  }
}
