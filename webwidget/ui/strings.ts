// The words of the panel. `words.json` names their English formats; the build makes a file of texts for each language from
// the catalogues in bridge/phrase.

import type { Config } from "./types";
import type words from "./words.json";

/** A text; `%` stands for the one value it may take. */
export type Key = keyof typeof words;

/** Gives a text with its value filled in. */
export type Say = (key: Key, value?: string | number) => string;

export interface Speech {
  language: string;
  say: Say;
}

/** Fetches the texts of the wished language, e.g. `de-AT`; English for those we don't speak. */
export async function speaker({ base, language }: Config): Promise<Speech> {
  const short = /^(de|es|fr)/.exec(language)?.[0] ?? "en";
  const texts: Record<Key, string> = await (await fetch(`${base}/widget/${__WORDS__}-${short}.json`, { credentials: "omit" })).json();
  return { language: short, say: (key, value = "") => texts[key].replace("%", () => String(value)) };
}
