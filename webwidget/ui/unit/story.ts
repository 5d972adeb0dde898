import type { Talk } from "../config";
import { newModel, take } from "../model";
import { newStory } from "../story";
import type { Ev, Snapshot } from "../wire";
import { same, test } from "./check";

/** Plays a conversation to a story. `state` is that of one that was just opened, "" for one that was kept. */
function play(state = "") {
  const heard: unknown[] = [];
  const story = newStory((event, detail) => heard.push([event, detail]));
  const talk: Talk = { model: newModel(state), known: { id: "c1", number: 12 } };
  const hear = (e: Ev) => {
    if (!take(talk.model, e)) return;
    if (e.seq) story.event(e, talk);
    story.changed(talk);
  };
  return { heard, story, talk, hear, snapshot: (s: Partial<Snapshot>) => hear({ type: "snapshot", snapshot: { kind: "chat", state: "waiting", seq: 0, ...s } }) };
}

const at = "2026-11-30T10:00:00Z";

test("a conversation that the visitor has just opened has begun", () => {
  const { heard, story, talk } = play("waiting");
  story.changed(talk);
  story.changed(talk);
  same(heard, [["chat-started", { number: 12, state: "waiting" }]]);
});

test("a request that is answered by mail has begun as a ticket", () => {
  const { heard, story, talk } = play("ticket");
  story.changed(talk);
  same(heard, [["chat-started", { number: 12, state: "ticket" }]]);
});

test("a conversation that was kept, or was there already, has not begun", () => {
  const kept = play();
  kept.story.changed(kept.talk);
  kept.snapshot({ state: "active", seq: 3 });
  same(kept.heard, []);
  const there = play("waiting");
  there.story.resume(there.talk);
  there.story.changed(there.talk);
  same(there.heard, []);
});

test("another conversation after a form begins anew", () => {
  const { heard, story, talk } = play("waiting");
  story.changed(talk);
  story.changed(undefined);
  story.changed({ model: newModel("waiting"), known: { id: "c2", number: 13 } });
  same(heard.map((h) => (h as [string])[0]), ["chat-started", "chat-started"]);
});

test("what visitors write is not told, what operators write is", () => {
  const { heard, hear } = play();
  hear({ type: "message", seq: 1, from: "visitor", name: "Anna", text: "secret", at });
  hear({ type: "message", seq: 2, from: "operator", name: "Olga", text: "Hello", at });
  const file = { id: "f", name: "secret.png", type: "image/png", size: 1, url: "/f" };
  hear({ type: "file", seq: 3, from: "visitor", name: "Anna", text: "secret", file, at });
  hear({ type: "file", seq: 4, from: "operator", name: "Olga", text: "secret.png", file, at });
  const time = new Date(at);
  same(heard, [
    ["message", { id: 1, from: "visitor", kind: "text", name: "Anna", time }],
    ["message", { id: 2, from: "operator", kind: "text", name: "Olga", time, text: "Hello" }],
    ["message", { id: 3, from: "visitor", kind: "file", name: "Anna", time }],
    ["message", { id: 4, from: "operator", kind: "file", name: "Olga", time }],
  ]);
});

test("what happened before is not told, and nothing twice", () => {
  const { heard, story, talk, hear, snapshot } = play();
  story.changed(talk);
  snapshot({ state: "closed", seq: 4, position: 2 });
  hear({ type: "operator", seq: 1, action: "joined", name: "Olga" });
  hear({ type: "message", seq: 2, from: "operator", text: "Hello", at });
  hear({ type: "state", seq: 4, state: "closed" });
  same(heard, []);
  hear({ type: "operator", seq: 5, action: "joined", name: "Xavi" });
  hear({ type: "operator", seq: 5, action: "joined", name: "Xavi" });
  hear({ type: "operator", seq: 6, action: "left", name: "Xavi" });
  same(heard, [["operator-joined", { number: 12, name: "Xavi" }]]);
});

test("the place in the queue is told when it changes", () => {
  const { heard, story, talk, hear, snapshot } = play();
  story.changed(talk);
  snapshot({ position: 3 });
  hear({ type: "position", seq: 1, position: 2, wait: 60 });
  hear({ type: "message", seq: 2, from: "system", text: "Please wait", at });
  hear({ type: "position", seq: 3, position: 2, wait: 60 });
  hear({ type: "state", seq: 4, state: "active" });
  hear({ type: "state", seq: 5, state: "closed", reason: "solved" });
  same(heard, [
    ["queue-position", { number: 12, position: 3 }],
    ["queue-position", { number: 12, position: 2, wait: 60 }],
    ["chat-ended", { number: 12, reason: "solved" }],
  ]);
});
