// The model holds what the visitor sees of the conversation. One function takes an event into it.

import type { Ev, FileLimits, Operator, Receipts, Snapshot } from "./wire";

export interface Model {
  state: string;
  /** Whether the visitor is answered by mail. */
  ticket: boolean;
  reason: string;
  /** The name of the operator who ended the conversation, or empty. */
  endedBy: string;
  /** The name of whoever the visitor is passed on to, or empty. */
  passedTo: string;
  operators: Operator[];
  /** The pictures of all operators who were ever there, by name. */
  met: Map<string, string | undefined>;
  position: number;
  /** For about how many seconds the visitor will wait; 0: not known. */
  wait: number;
  receipts: Partial<Receipts>;
  /** The name of the operator who is writing, or empty. */
  typing: string;
  /** The newest event taken in. */
  last: number;
  /** The last event that the first snapshot includes. Events up to it no longer change the state. */
  included: number;
  /** The numbers of the operators' messages and files. */
  heard: number[];
  /** The limits for files, if the visitor may send any. */
  files?: FileLimits;
}

export const newModel = (state: string): Model => ({
  state,
  ticket: state === "ticket",
  reason: "",
  endedBy: "",
  passedTo: "",
  operators: [],
  met: new Map(),
  position: 0,
  wait: 0,
  receipts: {},
  typing: "",
  last: 0,
  included: 0,
  heard: [],
});

/** Whether somebody talks to the visitor, or is about to. */
export const isLive = (m: Model): boolean => m.state !== "closed" && !m.ticket;

/** Whether nobody took the request in time, and the visitor has left no address for the answer. */
export const wantsEmail = (m: Model): boolean => m.reason === "email-wanted" && m.state === "waiting" && !m.ticket;

function takeSnapshot(m: Model, s: Snapshot): void {
  for (const key in s.receipts) raise(m, key as keyof Receipts, s.receipts[key as keyof Receipts]);
  m.files = s.files;
  if (s.operator) meet(m, s.operator);
  if (m.included) return; // after the first snapshot the events tell the state, and more exactly
  m.state = s.state;
  m.ticket = s.kind === "ticket";
  m.reason = s.reason ?? "";
  m.position = s.position ?? 0;
  m.wait = s.wait ?? 0;
  m.operators = s.operator ? [s.operator] : [];
  m.included = s.seq;
}

function meet(m: Model, { name, avatar }: Operator): void {
  m.met.set(name, avatar);
}

function raise({ receipts }: Model, key: keyof Receipts, to = 0): void {
  receipts[key] = Math.max(receipts[key] ?? 0, to);
}

/** Lowers the receipts to event `to`: the messages after it came back, so they were not passed on after all. */
function lower({ receipts }: Model, to: number): void {
  for (const key in receipts) receipts[key as keyof Receipts] = Math.min(receipts[key as keyof Receipts]!, to);
}

/** Takes an event in. Returns false when the model knew the event before. */
export function take(m: Model, e: Ev): boolean {
  if (e.seq) {
    if (e.seq <= m.last) return false;
    m.last = e.seq;
  }
  if (e.type === "snapshot") takeSnapshot(m, e.snapshot!);
  else if (e.type === "receipt") raise(m, e.status!, e.upto);
  else if (e.type === "typing") m.typing = e.active ? e.name || m.operators[0]?.name || "…" : "";
  else if (e.type === "message" || e.file) {
    if (e.from !== "operator") return true;
    m.heard.push(e.seq!);
    m.typing = "";
  } else {
    if (e.type === "operator") meet(m, e as Operator);
    const news = !e.seq || e.seq > m.included;
    if (news) takeState(m, e);
    else if (e.state === m.state) because(m, e); // the snapshot gives a reason for the end only
    takeOperator(m, e); // the snapshot gives the owner only, and not who ended it or whom the visitor is passed on to
  }
  return true;
}

/** Takes in why the conversation is in its state. The event before it said to whom the visitor is passed on. */
function because(m: Model, { reason = "" }: Ev): void {
  m.reason = reason;
  m.endedBy = reason === "operator-closed" && m.operators.length === 1 ? m.operators[0]!.name : "";
  if (reason !== "transferred") m.passedTo = "";
}

function takeState(m: Model, e: Ev): void {
  if (e.type === "state") {
    m.state = e.state!;
    because(m, e);
    if (m.state === "ticket" || m.state === "waiting") m.ticket = m.state === "ticket";
    if (m.state !== "waiting") m.position = 0;
  } else if (e.type === "position") {
    m.position = e.position!;
    m.wait = e.wait ?? 0;
  } else if (e.upto) {
    lower(m, e.upto);
  }
}

/** Follows who takes part. Nobody takes part while the conversation waits or once it is over. */
function takeOperator(m: Model, e: Ev): void {
  if (e.type === "state" && e.state !== "active") m.operators = [];
  if (e.type === "operator") {
    m.endedBy = "";
    m.passedTo = e.passed_to ?? "";
    m.operators = m.operators.filter((o) => o.name !== e.name);
    if (e.action !== "left") m.operators.push({ name: e.name!, avatar: e.avatar, whatsapp: e.whatsapp });
  }
}
