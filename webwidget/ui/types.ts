// The words shared by all parts of the widget. Shapes that travel over HTTP are those of the service's API.

import type { Look } from "./look";
import type { Store } from "./store";
import type { Say } from "./strings";

/** Settings of one widget, read from the script tag or the page's `main` element. */
export interface Config {
  /** Address of the service without a slash at the end, e.g. `https://chat.example.org`. */
  base: string;
  department: string;
  /** Signed identity (JWT) of a logged-in visitor, or empty. */
  identity: string;
  /** The language that the visitor wishes, e.g. `de-AT`, as operators see it. */
  language: string;
  /** The language that the panel speaks, and the service to it; told once the panel has its words. */
  speaks?: string;
  /** Further facts about the visitor, shown to operators. */
  attributes: Record<string, string>;
  /** What the panel shares with its button. */
  look: Look;
  /** Fetches what no visitor needs before there is a conversation. */
  extras(): Promise<Extras>;
  /** The service takes nothing from this page's scripts, since it does not know the site. */
  foreign?: boolean;
  /** Tells the site's owner in the console what keeps the widget from working, each thing once. */
  complain(what: keyof Notes, ...about: string[]): void;
  /** True where the panel is the whole page and there is no button. */
  page?: boolean;
  /** Told how many operators' messages were not seen yet, and how to say so. */
  unread(count: number, label: string): void;
  /** Told when the panel opened or closed. */
  toggled(open: boolean): void;
}

/** What `Config.complain` fetches; each note is given the service's address. */
export type Notes = typeof import("./notes");

/** What `Config.extras` fetches. */
export type Extras = typeof import("./extras");

/** What every part of the panel works with. */
export interface Home {
  config: Config;
  store: Store;
  say: Say;
  /** Fetches the extras for one use of them; the uses keep their order. `failed` is called if they can't be had. */
  extras(use: (parts: Extras) => void, failed?: () => void): void;
}

/** Answer of `GET /v1/status`. */
export interface Status {
  status: "online" | "offline";
  departments?: { name: string; title: string; status: "online" | "offline" }[];
}

export interface Operator {
  name: string;
  avatar?: string;
}

export interface Receipts {
  confirmed: number;
  delivered: number;
  seen: number;
}

/** Answer of `GET /v1/conversations/{id}`. */
export interface Snapshot {
  kind: string;
  state: string;
  reason?: string;
  operator?: Operator;
  position?: number;
  seq: number;
  receipts?: Partial<Receipts>;
  files?: FileLimits;
}

/** What files a visitor may send. */
export interface FileLimits {
  max_bytes: number;
  types: string[];
}

/** A file in the log. `url` begins with `https://`, or with `/` where the service itself keeps it. */
export interface Attached {
  id: string;
  name: string;
  type: string;
  /** In bytes; 0 if nobody knows. */
  size: number;
  url: string;
}

/** One event of a conversation's log; `receipt`, `typing` and our own `snapshot` have no `seq`. */
export interface Ev {
  type: string;
  seq?: number;
  at?: string | number;
  from?: "visitor" | "operator" | "system";
  name?: string;
  text?: string;
  client_id?: string;
  state?: string;
  reason?: string;
  position?: number;
  avatar?: string;
  action?: "joined" | "left";
  replaces?: number;
  /** The message that an operator reacted to. */
  to?: number;
  /** The message that is answered. */
  reply_to?: number;
  file?: Attached;
  /** Of who left: the visitor's messages after it have not been passed on. */
  upto?: number;
  status?: keyof Receipts;
  active?: boolean;
  snapshot?: Snapshot;
}

/** A message, or the new text of the one it `replaces`, that the service has not acknowledged yet. */
export interface Unsent {
  conversation: string;
  client_id: string;
  text: string;
  replaces?: number;
}
