// The words of the panel. `words.json` names their English formats; the build makes a file of texts for each language from
// the catalogues in bridge/phrase.

import type { Config } from "./types";
import type words from "./words.json";

/** The key of a text. `%` in the text stands for the one value that it may take. */
export type Key = keyof typeof words;

/** Gives a text with its value filled in. */
export type Say = (key: Key, value?: string | number) => string;

/** Fetches the texts of the wished language, e.g. `de-AT`, or else of English. From now on calls ask the service for that language too. */
export async function speaker(config: Config): Promise<Say> {
  config.speaks = /^(de|es|fr)/.exec(config.language)?.[0] ?? "en";
  const texts: Record<Key, string> = await (await fetch(`${config.base}/widget/${__WORDS__}-${config.speaks}.json`, { credentials: "omit" })).json();
  return (key, value = "") => texts[key].replace("%", () => String(value));
}
