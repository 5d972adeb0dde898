// How the calls of the page are used: what is right, and what is said of what is wrong.

import type { Calls, Events } from "../npm/index";

/** Some names stand in quotes, or the build would make them short. */
const events: { [E in keyof Events]: 1 } = {
  ready: 1,
  status: 1,
  opened: 1,
  closed: 1,
  "chat-started": 1,
  "message": 1,
  "unread": 1,
  "chat-ended": 1,
  "operator-joined": 1,
  "queue-position": 1,
  rated: 1,
  error: 1,
};

const has = (table: object, key: unknown): boolean => Object.keys(table).includes(key as string);
const text = (v: unknown): boolean => typeof v === "string";
const maybe = (v: unknown): boolean => v === undefined || text(v);
const plain = (v: unknown): v is Record<string, unknown> => Object(v) === v && !Array.isArray(v);
const value = (v: unknown): boolean => v === null || ["string", "number", "boolean"].includes(typeof v);
/** A JWT has three parts. */
const signed = (v: unknown): boolean => text(v) && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(v as string);
const only = (v: object, ...keys: string[]): boolean => Object.keys(v).every((key) => keys.includes(key));

/** Any arguments will do: a call may be the handler of a click. */
const any = (): boolean => true;
const listens = (event: unknown, listener: unknown): boolean => has(events, event) && typeof listener === "function";
const event = `, where the event is one of ${Object.keys(events).join(", ")}`;

/** Each call as it is written, and whether arguments fit it. */
const uses: { [C in keyof Calls]: [written: string, fits: (...args: unknown[]) => boolean] } = {
  open: ["open()", any],
  close: ["close()", any],
  toggle: ["toggle()", any],
  "show": ["show()", any],
  hide: ["hide()", any],
  startChat: ['startChat() or startChat("words for the form")', (v) => maybe(v) || v instanceof Event],
  endChat: ["endChat()", any],
  setUser: [
    "setUser({ identity }), which is a JWT, or setUser({ name, email })",
    (v) => plain(v) && (has(v, "identity") ? only(v, "identity") && signed(v.identity) : only(v, "name", "email") && maybe(v.name) && maybe(v.email)),
  ],
  setAttributes: ['setAttributes({ plan: "pro" }), whose values are texts, numbers, true, false or null', (v) => plain(v) && Object.values(v).every(value)],
  setDepartment: ['setDepartment("name")', text],
  setLanguage: ['setLanguage("de-AT")', (v) => text(v) && /^[a-z]{2,3}(-\w+)*$/i.test(v as string)],
  setScheme: ['setScheme("light"), "dark" or "auto"', (v) => ["light", "dark", "auto"].includes(v as string)],
  reset: ["reset()", any],
  getStatus: ["getStatus()", any],
  on: ['on("message", listener)' + event, listens],
  off: ['off("message", listener)' + event, listens],
};

/** The names of the calls. */
export const names = Object.keys(uses) as (keyof Calls)[];

/** What is wrong with a call, as an Error that says what is right. */
export const wrong = (text: string): Error => new TypeError("porchlight: " + text);

/** Throws unless the call is used as it should be. */
export function check(name: unknown, args: unknown[]): asserts name is keyof Calls {
  if (!has(uses, name)) throw wrong(`there is no call “${String(name)}”. There are ${names.join(", ")}.`);
  const [written, fits] = uses[name as keyof Calls];
  if (!fits(...args)) throw wrong(`${name} is used as ${written}.`);
}
