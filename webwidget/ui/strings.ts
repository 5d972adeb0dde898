// The words of the widget. `words.json` names their English formats, in groups; the build makes a file of texts for each
// group and language from the catalogues in bridge/phrase.

import type { Config } from "./config";
import type { Group, Key, Say } from "./say";

/** The words of one widget. */
export interface Speaker {
  say: Say;
  /** Fetches a group of texts. */
  learn(group: Group): Promise<void>;
}

/** The language that the widget speaks where a visitor wishes `language`, e.g. `de-AT`. */
export function speaks(language: string): string {
  const base = language.split("-")[0]!;
  return __TONGUES__.split(" ").includes(base) ? base : "en";
}

/** The attributes of an element whose words are in the language `lang`, whatever the language and the direction of the page. */
export const spoken = (lang: string) => ({ lang, dir: __RTL__.includes(lang) ? "rtl" : "ltr" });

/** Makes a speaker that has no words yet. */
export function newSpeaker(config: Config): Speaker {
  const texts = {} as Record<Key, string>;
  return {
    say: (key, ...values) => texts[key].replace(/%/g, () => String(values.shift() ?? "")),
    async learn(group) {
      const answer = await fetch(`${config.base}/widget/${group}-${config.speaks}-${__VERSION__}.json`, { credentials: "omit" });
      Object.assign(texts, await answer.json());
    },
  };
}
