// The events of a conversation by long polls, where streams don't come through.

import type { Feed } from "./feed";

/** A poll without an answer for so long is dead, in milliseconds. */
const silence = 45000;

/** How long a poll waits, in seconds. Proxies cut an answer that takes longer than 30. */
const wait = 20;

/** Asks for new events by long polls, over and over, until one fails. */
export async function byPolls(feed: Feed, line: AbortController): Promise<void> {
  for (;;) {
    feed.up(true);
    const limit = setTimeout(() => line.abort(), silence);
    const answer = await feed.open(`?after=${feed.last()}&wait=${wait}`, {}, line);
    for (const e of (await answer.json()).events) feed.event(e);
    clearTimeout(limit);
    await feed.before(); // fetches the receipts for the visitor's messages
  }
}
