// The words shared by all parts of the widget. Shapes that travel over HTTP are those of the service's API.

import type { Look } from "./look";

/** Settings of one widget, read from the script tag or the page's `main` element. */
export interface Config {
  /** Address of the service without a slash at the end, e.g. `https://chat.example.org`. */
  base: string;
  department: string;
  /** Signed identity (JWT) of a logged-in visitor, or empty. */
  identity: string;
  language: string;
  /** Further facts about the visitor, shown to operators. */
  attributes: Record<string, string>;
  /** What the panel shares with its button. */
  look: Look;
  /** True where the panel is the whole page and there is no button. */
  page?: boolean;
  /** Told how many operators' messages were not seen yet, and how to say so. */
  unread(count: number, label: string): void;
  /** Told when the panel opened or closed. */
  toggled(open: boolean): void;
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
  upto?: number;
  status?: keyof Receipts;
  active?: boolean;
  snapshot?: Snapshot;
}

/** A message that the service has not acknowledged yet. */
export interface Unsent {
  conversation: string;
  client_id: string;
  text: string;
}
