// The types that all parts of the widget share. Those that travel over HTTP are types of the service's API.

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
  /** The language that the visitor wishes, e.g. `de-AT`. Operators see it. */
  language: string;
  /** The language that the panel speaks, and that it asks the service to speak. Set when the panel fetches its words. */
  speaks?: string;
  /** Further facts about the visitor, shown to operators. */
  attributes: Record<string, string>;
  /** The drawing that the panel shares with the button. */
  look: Look;
  /** Fetches the extras. */
  extras(): Promise<Extras>;
  /** Whether the service takes nothing from this page's scripts, since it does not know the site. */
  foreign?: boolean;
  /** Tells the site's owner in the console what keeps the widget from working. It tells each thing once. */
  complain(what: keyof Notes, ...about: string[]): void;
  /** Shows what the site has set, once there is something of it to show. */
  custom?: Custom | void;
  /** Whether the panel is the whole page, without a button. */
  page?: boolean;
  /** Called with how many operators' messages the visitor has not seen, and with a text that says so. */
  unread(count: number, label: string): void;
  /** Called when the panel has opened or closed. */
  toggled(open: boolean): void;
}

/** What `watchStatus` fetches for a site with settings of its own. */
export type Custom = import("./custom").Custom;

/** Whether a form asks for something. */
export type Asked = "off" | "optional" | "required";

/** What the site has set at the desk. What is not there is as usual. Texts are by language, "" is for all others. */
export interface Site {
  colour?: string;
  colour_dark?: string;
  side?: string;
  sounds?: boolean;
  /** Which pages tell of themselves: those whose panel was opened, or all. */
  on_site?: "open" | "loaded";
  on_site_query?: boolean;
  offline?: "hide" | "mail";
  /** The site's address for mail. */
  mail?: string;
  name?: Asked;
  email?: Asked;
  phone?: Asked;
  fields?: { name: string; type: "text" | "list" | "yes/no"; options?: string[]; required?: boolean }[];
  texts?: Partial<Record<"greeting" | "launcher" | "launcher_offline" | "offline" | "consent" | "notice", Record<string, string>>>;
}

/** The module that `Config.complain` fetches. Each note gets the service's address. */
export type Notes = typeof import("./notes");

/** The module that `Config.extras` fetches: what no visitor needs before there is a conversation. */
export type Extras = typeof import("./extras");

/** The things with which every part of the panel works. */
export interface Home {
  config: Config;
  store: Store;
  say: Say;
  /** Fetches the extras and gives them to `use`. Uses keep their order. `failed` is called if the extras can't be fetched. */
  extras(use: (parts: Extras) => void, failed?: () => void): void;
}

/** The answer to `GET /v1/status`. */
export interface Status {
  status: "online" | "offline";
  departments?: { name: string; title: string; status: "online" | "offline" }[];
  hours?: { open: boolean; next?: string };
  settings?: Site;
  /** Names the page's stream. Only the first state of a stream has it. */
  stream?: string;
  /** The visitor is invited, as POST /v1/visits says. */
  invited?: boolean;
}

export interface Operator {
  name: string;
  avatar?: string;
  /** The address of a chat in WhatsApp. */
  whatsapp?: string;
}

export interface Receipts {
  confirmed: number;
  delivered: number;
  seen: number;
}

/** The answer to `GET /v1/conversations/{id}`. */
export interface Snapshot {
  kind: string;
  state: string;
  reason?: string;
  operator?: Operator;
  position?: number;
  wait?: number;
  seq: number;
  receipts?: Partial<Receipts>;
  files?: FileLimits;
}

/** What files a visitor may send. */
export interface FileLimits {
  max_bytes: number;
  types: string[];
}

/** A file in the log. `url` begins with `https://`, or with `/` if the service itself keeps the file. */
export interface Attached {
  id: string;
  name: string;
  type: string;
  /** In bytes; 0 if nobody knows. */
  size: number;
  url: string;
}

/** One event of a conversation's log. `receipt`, `typing` and our own `snapshot` have no `seq`. */
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
  wait?: number;
  avatar?: string;
  whatsapp?: string;
  action?: "joined" | "left";
  replaces?: number;
  /** The message that an operator reacted to. */
  to?: number;
  /** The message that this message answers. */
  reply_to?: number;
  file?: Attached;
  /**
   * In a `receipt`: how far the visitor's messages have come. If an operator left: the last message that was passed on to
   * them.
   */
  upto?: number;
  status?: keyof Receipts;
  active?: boolean;
  snapshot?: Snapshot;
}

/** A message that the service has not acknowledged yet, or a new text for the message that it `replaces`. */
export interface Unsent {
  conversation: string;
  client_id: string;
  text: string;
  replaces?: number;
}
