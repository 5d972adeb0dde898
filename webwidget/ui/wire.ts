// The types that travel over HTTP: those of the service's API, and what the browser keeps of a message until it has travelled.

/** Whether a form asks for something. */
export type Asked = "off" | "optional" | "required";

/** What the site has set at the desk. What is not there is as usual. Texts are by language, "" is for all others. */
export interface Site {
  colour?: string;
  colour_dark?: string;
  side?: string;
  theme?: string;
  /** What stands on the button in place of the bulb. */
  icon?: string;
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
  /** To whom an operator who left passes the visitor on. */
  passed_to?: string;
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
