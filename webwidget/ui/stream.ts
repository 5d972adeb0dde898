// The conversation's event stream by fetch (EventSource can't send headers), with resume and back-off. The service writes
// each event as one line of data, which says everything, so this reads no other lines of the format (HTML standard §9.2.6).

import { backOff, pause, type Problem } from "./api";
import type { Feed } from "./feed";

/** A line without a byte for so long is dead, in milliseconds. The service sends a comment at least every 20 s. */
const silence = 45000;

/** If the first byte takes so long although the service answers calls, something on the way holds streams back. In milliseconds. */
const held = 5000;

/** Follows the conversation until the signal fires or the conversation is gone. */
export async function follow(feed: Feed, signal: AbortSignal): Promise<void> {
  let line: AbortController;
  let online = false;
  let mute = 0; // how many streams in a row gave a first piece and nothing after it
  const cut = () => line.abort();
  signal.addEventListener("abort", cut);
  addEventListener("online", () => {
    online = true; // the network changed: the line may be dead, and a new one is cheap
    cut();
  }, { signal });
  addEventListener("offline", cut, { signal });
  for (let tries = 0; !signal.aborted; tries++) {
    const began = Date.now();
    let after = 0;
    line = new AbortController();
    online = false;
    try {
      await feed.before();
      if (feed.poll.get()) await (await import("./poll")).byPolls(feed, line);
      else await read(feed, line, (beats) => {
        mute = beats === 1 ? mute + 1 : 0;
        if (beats && mute < 2) return;
        feed.poll.set(true);
        feed.held();
        online = true; // the first poll need not wait
      });
    } catch (error) {
      const why = error as Partial<Problem>; // it may also be an error of the browser
      if (why.gone && !signal.aborted) return feed.gone();
      after = why.after ?? 0;
    }
    if (signal.aborted) return;
    feed.up(false);
    if (Date.now() - began > 5000) tries = 0;
    if (!online) await pause(after || backOff(tries, feed.pace()), signal, !!after);
  }
}

/** Reads one stream to its end. If the stream falls silent, `silent` gets the number of pieces that came, and the stream ends. */
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
  watch(held * feed.pace());
  try {
    const headers = { Accept: "text/event-stream", "Last-Event-ID": String(feed.last()) };
    const answer = await feed.open("", headers, line);
    const text = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (let piece; !(piece = await text.read()).done; beats++) {
      watch(silence);
      feed.up(true);
      const rows = (rest + piece.value).split("\n");
      rest = rows.pop()!; // the last one has not come whole
      for (const row of rows) if (row.startsWith("data:")) feed.event(JSON.parse(row.slice(5)));
    }
  } finally {
    clearTimeout(watchdog);
  }
}
