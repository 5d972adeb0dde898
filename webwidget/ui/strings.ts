// Every text of the panel. `%` stands for the one value a text may take.

import type { Config } from "./types";

const en = {
  title: "Live support",
  hello: "Somebody will be with you in a moment.",
  away: "Nobody is here right now. Leave your question and we will answer by email.",
  name: "Name",
  email: "Email",
  optional: "optional",
  department: "Department",
  reason: "How can we help?",
  ask: "Request support",
  fill: "Please fill this in.",
  address: "Please give a complete email address.",
  failed: "That did not work. Please try again.",
  waiting: "We are asking our operators…",
  place: "Your place in the queue: %",
  nobody: "Nobody is free yet. Leave your email and we will answer there.",
  ticket: "We will answer by email to %.",
  ticketing: "We will answer by email.",
  log: "Messages",
  you: "You",
  write: "Write a message…",
  again: "Write to continue this chat…",
  send: "Send",
  shut: "Minimise",
  end: "End chat",
  sure: "End this chat?",
  stay: "Stay",
  typing: "% is typing…",
  joined: "% joined the chat",
  left: "% left the chat",
  sending: "Sending…",
  later: "Not sent yet, trying again…",
  slow: "Too many messages. Sending again in % s.",
  stored: "Sent",
  confirmed: "Passed on",
  delivered: "Delivered",
  seen: "Seen",
  down: "No connection. Trying again…",
  edited: "edited",
  removed: "Message removed",
  closed: "This chat has ended.",
  solved: "This request has been solved.",
  idle: "This chat was closed because nobody wrote for a while.",
  gone: "This chat was closed while you were away.",
  anew: "Start a new chat",
  unread: "new messages: %",
};

export type Key = keyof typeof en;
export type Texts = Record<Key, string>;

/** Gives a text with its value filled in. */
export type Say = (key: Key, value?: string | number) => string;

export interface Speech {
  language: string;
  say: Say;
}

/** Finds the texts for the wished language, e.g. `de-AT`; English is built in, the others are fetched. */
export async function speaker({ base, language }: Config): Promise<Speech> {
  let short = language.slice(0, 2);
  let texts: Texts = en;
  try {
    if (/de|es|fr/.test(short)) texts = (await (await fetch(`${base}/widget/${__WORDS__}`)).json())[short];
  } catch {}
  if (texts === en) short = "en";
  return { language: short, say: (key, value = "") => texts[key].replace("%", () => String(value)) };
}
