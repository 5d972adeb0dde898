// The things with which every part of the panel works.

import type { Config } from "./config";
import type { Group, Say } from "./say";
import type { Held, Store } from "./store";

/** What belongs to one panel. */
export interface Home {
  config: Config;
  store: Store;
  say: Say;
  /** How much is unread in the visitor's other conversations. */
  others: number;
  /** Brings the list of the visitor's conversations up to date. `old` is one in whose place this browser has another one from now on. */
  recall(old?: Held): void;
  /** Fetches a group of words in the language of the settings. */
  learn(group: Group): Promise<void>;
  /**
   * Fetches a part when it is first used, with its styles and with its words, whose group has its name, and gives it to `use`. Uses keep their order.
   * `failed` is called if the part can't be fetched or can't be used. Then the next use fetches it again.
   */
  layer<T extends { css: string }>(group: Group, use: (part: T) => void, failed?: () => void): void;
  /** The parts by their groups: one promise for each part, so that the uses keep their order. */
  fetched: { [G in Group]?: Promise<any> };
}
