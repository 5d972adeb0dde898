// What a page can say to the widget, and what it hears from it. The widget's own sources are checked against these types.

/** A visitor as the site knows them. */
export type User =
  | {
      /** Signed identity (JWT) of a visitor who is logged in. The form then asks for neither name nor address. */
      identity: string;
    }
  | {
      /** Stands in the form, where the visitor may change it. It proves nothing. */
      name?: string;
      /** As the name. */
      email?: string;
    };

export type Scheme = "light" | "dark" | "auto";

export type Availability = "online" | "offline";

/** Further facts about the visitor, which operators see. null takes one away. */
export type Attributes = Record<string, string | number | boolean | null>;

export interface Department {
  name: string;
  title: string;
  status: Availability;
}

/** How things stand. */
export interface State {
  /** Whether somebody is there, in the department if one is chosen. */
  status: Availability;
  departments: Department[];
  /** Whether the panel is open. */
  open: boolean;
  /** Whether the button is hidden. */
  hidden: boolean;
  /** How many messages of operators the visitor has not seen. */
  unread: number;
  /** The conversation of this browser, if it has one. */
  chat?: {
    number: number;
    state: "waiting" | "active" | "ticket" | "closed";
    /** The names of the operators in it. */
    operators: string[];
  };
}

/** A message that came while the page was open. */
export interface Message {
  /** Its number in the conversation, which grows. */
  id: number;
  from: "visitor" | "operator";
  kind: "text" | "file";
  name: string;
  time: Date;
  /** What an operator wrote. What visitors write is not told to the page. */
  text?: string;
}

/** What the page hears, by name. The event of the window has `porchlight:` before the name, and what is here as its `detail`. */
export interface Events {
  /** The button is there. */
  ready: null;
  /** Somebody is there now, or nobody any more. */
  status: { status: Availability; departments: Department[] };
  /** The panel has opened. */
  opened: null;
  /** The panel has closed. */
  closed: null;
  /** The visitor has sent the form in this tab. A `ticket` is answered by mail. */
  "chat-started": { number: number; state: "waiting" | "ticket" };
  message: Message;
  /** The number of unseen messages has changed. */
  unread: { count: number };
  /** The conversation is over. */
  "chat-ended": { number: number; reason: string };
  "operator-joined": { number: number; name: string };
  /** The visitor's place in the queue, and for about how many seconds they will wait, if that is known. */
  "queue-position": { number: number; position: number; wait?: number };
  /** The visitor has voted, from 1 to 5. */
  rated: { number: number; score: number };
  /** Something keeps the widget from working. The console says what mends it. */
  error: { code: "foreign" | "answer" | "silence" | "policy" | "buffer"; about: string };
}

/** What the page can say. A promise is rejected with an Error that says what is right if a call is wrong, or why it failed. */
export interface Calls {
  /** Opens the panel. */
  open(): Promise<void>;
  /** Closes the panel. */
  close(): Promise<void>;
  /** Opens the panel, or closes it. */
  toggle(): Promise<void>;
  /** Shows the button. */
  show(): Promise<void>;
  /** Hides the button, and closes the panel. */
  hide(): Promise<void>;
  /** Opens the panel with the chat that is under way, or else with the form, in which `words` stand unless the visitor has written some. The visitor sends them. */
  startChat(words?: string): Promise<void>;
  /** Ends the chat that is under way. */
  endChat(): Promise<void>;
  /** Says who the visitor is, from the next request on. */
  setUser(user: User): Promise<void>;
  /** Adds to what operators see of the visitor, from the next request on. */
  setAttributes(attributes: Attributes): Promise<void>;
  /** Chooses the department for the next request, by its name; "" leaves it to the visitor. */
  setDepartment(name: string): Promise<void>;
  /** Changes the language, e.g. to `de-AT`. */
  setLanguage(language: string): Promise<void>;
  /** Changes the colour scheme; `auto` is that of the visitor's system. */
  setScheme(scheme: Scheme): Promise<void>;
  /** Forgets the visitor in this browser, for example when they log out: conversation, words, user and attributes. */
  reset(): Promise<void>;
  /** Says how things stand, as soon as the service has said so. */
  getStatus(): Promise<State>;
  /** Calls the listener at each event. `ready`, `status` and `unread` are told at once if they are known. */
  on<E extends keyof Events>(event: E, listener: (detail: Events[E]) => void): Promise<void>;
  /** Calls the listener no more. */
  off<E extends keyof Events>(event: E, listener: (detail: Events[E]) => void): Promise<void>;
}

/** The global `porchlight`. */
export interface Porchlight extends Calls {
  /** By itself it only fetches what the calls need, so that the events come. */
  (): Promise<Calls>;
  <E extends keyof Events>(call: "on" | "off", event: E, listener: (detail: Events[E]) => void): Promise<void>;
  <C extends Exclude<keyof Calls, "on" | "off">>(call: C, ...args: Parameters<Calls[C]>): ReturnType<Calls[C]>;
}

/** How the widget shall be. What can change after the first time is told to it then: the first six of these below the address. */
export interface Options {
  /** Address of the service, e.g. `https://chat.example.org`. */
  service: string;
  department?: string;
  language?: string;
  scheme?: Scheme;
  /** Whether the button is hidden. */
  hidden?: boolean;
  /** Who the visitor is. When there is none any more, they have logged out and are forgotten (`reset`). */
  user?: User | null | false;
  attributes?: Attributes;
  /** A colour in six digits, as `#27336b`. */
  accent?: string;
  theme?: "porch" | "paper" | "lamp";
  side?: "left" | "right";
  icon?: "bulb" | "chat" | "question";
  launcher?: string;
  launcherOffline?: string;
  /** Whether visitors' lines are slow. The widget measures it if this is not said. */
  link?: "slow" | "fast";
}

/**
 * Puts the widget into the page, and returns what calls it. Called again, it tells the widget what has changed. Where there is no
 * page (on a server), it does nothing, and the calls never resolve.
 */
export function load(options: Options): Porchlight;

declare global {
  /** It is there once the widget or `load` is, or from the snippet on that a page without packages has. */
  var porchlight: Porchlight;
  interface WindowEventMap extends Heard {}
}

type Heard = { [E in keyof Events as `porchlight:${E}`]: CustomEvent<Events[E]> };
