import { newStore } from "../store";
import { FakeStorage, same, test } from "./check";

const key = "porchlight:https://chat.example";
const anna = { id: "c1", token: "t-1", number: 12, seq: 3, name: "Anna", email: "", done: false };

/** A browser with empty storages, and a store in it. */
function browser() {
  const localStorage = new FakeStorage();
  const sessionStorage = new FakeStorage();
  Object.assign(globalThis, { window: { localStorage, sessionStorage } });
  return { localStorage, sessionStorage, store: newStore("https://chat.example") };
}

test("what is kept is there for the next page", () => {
  const { store } = browser();
  store.known.set(anna);
  store.draft.set("Hel");
  const next = newStore("https://chat.example");
  same([next.known.get()?.id, next.draft.get(), next.open.get()], ["c1", "Hel", undefined]);
});

test("what can't be read counts as absent", () => {
  for (const text of ["", "{broken", "null", "5", '"x"', "[]", "{}", '{"id":"../x","token":"t"}', '{"id":"c","token":"ü"}', '{"id":7,"token":{}}']) {
    const { store, localStorage } = browser();
    localStorage.setItem(key, text);
    localStorage.setItem(key + ":unsent", text);
    same([store.known.get(), store.unsent.get() ?? []], [undefined, []], text);
  }
});

test("the number of what the visitor has seen never goes back, and other conversations are left alone", () => {
  const { store } = browser();
  store.known.set(anna);
  store.change("c1", { seq: 9 });
  store.change("c1", { seq: 4, email: "anna@example.org" });
  store.change("c2", { name: "Olga" });
  const now = store.known.get();
  same([now?.seq, now?.email, now?.name], [9, "anna@example.org", "Anna"]);
});

test("a conversation that is forgotten stays forgotten, though another tab writes it again", () => {
  const { store, localStorage } = browser();
  store.known.set(anna);
  store.forget("c1");
  same(localStorage.getItem(key), null);
  localStorage.setItem(key, JSON.stringify(anna));
  same(store.known.get(), undefined);
});

test("what the site clears is written again", () => {
  const { store, localStorage, sessionStorage } = browser();
  store.known.set(anna);
  store.unsent.set([{ conversation: "c1", client_id: "1", text: "Hi" }]);
  store.draft.set("Hel");
  for (const area of [localStorage, sessionStorage]) area.kept.clear();
  store.mend();
  same([store.known.get()?.id, store.unsent.get()?.length, store.draft.get()], ["c1", 1, "Hel"]);
});

test("messages that another tab has sent stay sent", () => {
  const { store, localStorage } = browser();
  store.known.set(anna);
  store.unsent.set([{ conversation: "c1", client_id: "1", text: "Hi" }]);
  localStorage.removeItem(key + ":unsent");
  same(store.unsent.get(), undefined);
});

test("without storage, values last as long as the page", () => {
  const { store, localStorage, sessionStorage } = browser();
  localStorage.forbidden = sessionStorage.forbidden = true;
  store.known.set(anna);
  store.draft.set("Hel");
  same([store.known.get()?.id, store.draft.get()], ["c1", "Hel"]);
  store.draft.set();
  same(store.draft.get(), undefined);
});

test("a storage that is full keeps the old value from coming back", () => {
  const { store, localStorage } = browser();
  store.known.set(anna);
  localStorage.size = 10;
  store.change("c1", { seq: 5 });
  same(store.known.get()?.seq, 5);
  localStorage.size = 1e6;
  store.change("c1", { seq: 6 });
  same([store.known.get()?.seq, JSON.parse(localStorage.getItem(key)!).seq], [6, 6]);
});
