// The settings of one widget, with which every part works, and what a site can add to them.

import type { Field } from "./field";
import type { Look } from "./look";
import type { Model } from "./model";
import type { Say } from "./say";
import type { Ev, Status } from "./wire";

/** Settings of one widget, read from the script tag or the page's `main` element. */
export interface Config {
  /** Address of the service without a slash at the end, e.g. `https://chat.example.org`. */
  base: string;
  department: string;
  /** Names the department in an address. */
  query: string;
  /** Signed identity (JWT) of a logged-in visitor, or empty. */
  identity: string;
  /** The language that the visitor wishes, e.g. `de-AT`. Operators see it. */
  language: string;
  /** The language that the widget speaks, and that it asks the service to speak. */
  speaks: string;
  /** Further facts about the visitor, shown to operators. */
  attributes: Record<string, string | number | boolean>;
  /** The name and the address that the page has given, unproved. They stand in the form. */
  user?: { name?: string; email?: string };
  /** The colour scheme, if the page wants one: `light`, `dark`, or that of the system (`auto`). */
  scheme?: string;
  /** How much longer than usual things may take, and how much rarer small notes are: 1, or 4 where the line is slow (`data-link`). */
  pace(): number;
  /** The drawing that all parts share. */
  look: Look;
  /** How the tag says that the widget looks, if it says anything of it. It goes before what is set at the desk. */
  own?: Own;
  /** Whether the bell is on for who has not switched it. */
  sounds?: boolean;
  /** Whether the service takes nothing from this page's scripts, since it does not know the site. */
  foreign?: boolean;
  /** Tells the site's owner in the console what keeps the widget from working. It tells each thing once. */
  complain(what: Complaint, ...about: string[]): void;
  /** What was told, each as the words of one line: the complaint, the address of the service, and what it is about. */
  said: Set<string>;
  /** Shows what the site has set, once there is something of it to show. */
  custom?: Custom | void;
  /** Tells the page's scripts what happens, once they have asked. */
  scripts?: Scripts;
  /** Whether the panel is the whole page, or has a place in it, without a button. */
  page?: boolean;
  /** Whether it has a place in the page. */
  inline?: boolean;
  /** Called with how many operators' messages the visitor has not seen, and with a text that says so. */
  unread(count: number, label: string): void;
  /** Called when the panel has opened or closed. */
  toggled(open: boolean): void;
}

/** What a tag says of the widget's look. */
export interface Own {
  /** A colour in six digits, as `#27336b`, for light and dark pages. */
  accent?: string;
  side?: string;
  theme?: string;
  icon?: string;
  launcher?: string;
  launcherOffline?: string;
}

/** What the page's scripts hear. */
export interface Scripts {
  /** The service's state has changed. */
  show(s: Status): void;
  /** The conversation has changed, or another one is shown, or none. */
  changed(talk?: Talk): void;
  /** The conversation's log has another event. */
  event(e: Ev, talk: Talk): void;
  complain(what: Complaint, about: string): void;
  /** The visitor has voted about the conversation of this number, from 1 to 5. */
  rated(number: number, score: number): void;
}

/** A conversation as the page's scripts hear of it. */
export interface Talk {
  model: Model;
  known: { id: string; number: number };
}

/** What keeps the widget from working: the name of a note in notes.ts. */
export type Complaint = keyof typeof import("./notes");

/** Shows what a site has set at the desk. */
export interface Custom {
  /** Shows what the site has set. The button and the panel are in their usual state before. */
  show(s: Status): void;
  /**
   * Adds to the form's fields (department, name, address, reason) what the site wants to know, and fits the form whenever it
   * has said in `hint` how things stand. Returns what gives the visitor's answers, as the service takes them.
   */
  form(say: Say, fields: Field[], hint: HTMLElement, button: HTMLElement): () => object;
}
