import { isLive, newModel, take, wantsEmail } from "../model";
import type { Ev } from "../wire";
import { same, test } from "./check";

/** A conversation with one of everything. */
const story: Ev[] = [
  { type: "state", seq: 1, state: "waiting" },
  { type: "message", seq: 2, from: "visitor", text: "Hello" },
  { type: "position", seq: 3, position: 2, wait: 90 },
  { type: "operator", seq: 4, action: "joined", name: "Olga", avatar: "/a.png" },
  { type: "state", seq: 5, state: "active" },
  { type: "message", seq: 6, from: "operator", name: "Olga", text: "Good morning" },
  { type: "operator", seq: 7, action: "joined", name: "Xavi" },
  { type: "operator", seq: 8, action: "left", name: "Olga" },
  { type: "correction", seq: 9, replaces: 6, text: "Good day", from: "operator" },
  { type: "message", seq: 10, from: "operator", name: "Xavi", text: "Here I am" },
];

test("a story gives what the visitor sees", () => {
  const m = newModel("");
  for (const e of story) same(take(m, e), true, `event ${e.seq}`);
  same([m.state, m.operators.map((o) => o.name), m.heard, m.last, m.position], ["active", ["Xavi"], [6, 10], 10, 0]);
  same(isLive(m), true);
});

test("an event that comes twice changes nothing, whatever came between", () => {
  for (let from = 0; from < story.length; from++) {
    const once = newModel("");
    const twice = newModel("");
    for (const e of story) take(once, e);
    for (const e of story.slice(0, from + 1)) take(twice, e);
    for (const e of story.slice(Math.floor(from / 2))) take(twice, e);
    same(twice, once, `after a repetition from ${from}`);
  }
});

test("a snapshot counts until newer events come, and the events before it don't", () => {
  const m = newModel("");
  take(m, { type: "snapshot", snapshot: { kind: "chat", state: "active", seq: 5, operator: { name: "Olga" }, receipts: { seen: 2 } } });
  for (const e of story.slice(0, 5)) take(m, e);
  same([m.state, m.operators.map((o) => o.name), m.position], ["active", ["Olga"], 0]);
  take(m, { type: "state", seq: 6, state: "closed", reason: "idle" });
  same([m.state, m.reason, m.operators], ["closed", "idle", []]);
  take(m, { type: "snapshot", snapshot: { kind: "chat", state: "active", seq: 5 } });
  same(m.state, "closed", "the state after a late snapshot");
});

test("after a reload it is known who ended the chat, and whom the visitor is passed on to", () => {
  const closed = newModel("");
  take(closed, { type: "snapshot", snapshot: { kind: "chat", state: "closed", seq: 11, reason: "operator-closed" } });
  for (const e of story) take(closed, e);
  take(closed, { type: "state", seq: 11, state: "closed", reason: "operator-closed" });
  same([closed.state, closed.endedBy, closed.operators], ["closed", "Xavi", []]);
  const passed = newModel("");
  take(passed, { type: "snapshot", snapshot: { kind: "chat", state: "waiting", seq: 12, position: 1 } });
  for (const e of story) take(passed, e);
  take(passed, { type: "operator", seq: 11, action: "left", name: "Xavi", passed_to: "Olga" });
  take(passed, { type: "state", seq: 12, state: "waiting", reason: "transferred" });
  same([passed.state, passed.passedTo, passed.operators, passed.position], ["waiting", "Olga", [], 1]);
});

test("receipts only rise, until messages come back", () => {
  const m = newModel("active");
  take(m, { type: "receipt", status: "delivered", upto: 6 });
  take(m, { type: "receipt", status: "delivered", upto: 4 });
  same(m.receipts, { delivered: 6 });
  take(m, { type: "operator", seq: 7, action: "left", reason: "lost", name: "Olga", upto: 3 });
  same(m.receipts, { delivered: 3 });
});

test("somebody types until they write", () => {
  const m = newModel("active");
  take(m, { type: "typing", active: true });
  same(m.typing, "…");
  take(m, { type: "typing", active: true, name: "Olga" });
  same(m.typing, "Olga");
  take(m, { type: "message", seq: 1, from: "operator", text: "Hi" });
  same(m.typing, "");
});

test("an address is wanted while nobody took the request, and no longer once there is one", () => {
  const m = newModel("waiting");
  take(m, { type: "state", seq: 1, state: "waiting", reason: "email-wanted" });
  same([wantsEmail(m), isLive(m)], [true, true]);
  take(m, { type: "state", seq: 2, state: "ticket", reason: "nobody-free" });
  same([wantsEmail(m), isLive(m), m.ticket], [false, false, true]);
  take(m, { type: "state", seq: 3, state: "active" });
  same([isLive(m), m.ticket], [false, true], "a ticket that is answered");
});
