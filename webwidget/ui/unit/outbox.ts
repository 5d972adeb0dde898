import { newOutbox, type Mailer } from "../outbox";
import type { Unsent } from "../wire";
import { same, settle, stillClock, test } from "./check";

const clock = stillClock();
Object.assign(globalThis, { addEventListener() {} });

/** A service that answers as `answers` say, and then takes everything. It notes what happens. */
function post(answers: object[] = [], kept: Unsent[] = []) {
  const heard: string[] = [];
  const end = new AbortController();
  let list = kept;
  const slot = { key: "", get: () => structuredClone(list), set: (now: Unsent[] = []) => void (list = now) };
  const ids: string[] = [];
  const mailer: Mailer = {
    async post(m) {
      heard.push("post " + m.text);
      ids.push(m.client_id);
      const answer = answers.shift();
      if (answer) throw answer;
      return { seq: ids.length };
    },
    stored: (m, seq) => void heard.push(`stored ${m.text} ${seq}`),
    later: (m, after) => void heard.push(`later ${m.text} ${after}`),
    refused: (m, why) => void heard.push(`refused ${m.text}: ${why.detail}`),
    gone: () => void heard.push("gone"),
    pace: () => 1,
  };
  const outbox = newOutbox(slot, "c1", mailer, end.signal);
  return { outbox, heard, ids, end, left: () => list.map((u) => u.text) };
}

test("messages go one after the other, in their order", async () => {
  const { outbox, heard, left } = post();
  for (const text of ["a", "b", "c"]) outbox.add(text);
  await settle();
  same(heard, ["post a", "stored a 1", "post b", "stored b 2", "post c", "stored c 3"]);
  same(left(), []);
});

test("what fails for a while is tried again under the same id, and holds back what comes after it", async () => {
  const { outbox, heard, ids } = post([{ passing: true, after: 0 }, { passing: true, after: 7000 }]);
  outbox.add("a");
  outbox.add("b");
  await clock.pass(6000);
  same(heard, ["post a", "later a 0", "post a", "later a 7000"]);
  await clock.pass(7000);
  same(heard.slice(4), ["post a", "stored a 3", "post b", "stored b 4"]);
  same(new Set(ids.slice(0, 3)).size, 1, "ids of the first message");
});

test("what is refused is taken out, and the rest goes on", async () => {
  const { outbox, heard, left } = post([{ detail: "Too late." }]);
  outbox.add("a", 4);
  outbox.add("b");
  await settle();
  same(heard, ["post a", "refused a: Too late.", "post b", "stored b 2"]);
  same(left(), []);
});

test("a conversation that is gone is told, and its messages are forgotten", async () => {
  const { outbox, heard, left } = post([{ gone: true }]);
  outbox.add("a");
  await settle();
  same([heard, left()], [["post a", "gone"], []]);
});

test("what an earlier page left behind goes first, and what belongs to another conversation is not sent", async () => {
  const before = [{ conversation: "c1", client_id: "1", text: "old" }, { conversation: "c2", client_id: "2", text: "other" }];
  const { outbox, heard } = post([], before);
  same(outbox.list().length, 1, "list");
  outbox.add("new");
  await settle();
  same(heard, ["post old", "stored old 1", "post new", "stored new 2"]);
});

test("the end of the conversation stops it", async () => {
  const { outbox, heard, end, left } = post([{ passing: true, after: 0 }]);
  outbox.add("a");
  await settle();
  end.abort();
  await clock.pass(60000);
  same([heard, left()], [["post a", "later a 0"], ["a"]]);
});
