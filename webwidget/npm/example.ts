// Uses of the types, right and wrong ones. It is checked, never run, and not in the package.

import { load, type Message, type State } from "@porchlight/widget";
import { Porchlight } from "@porchlight/widget/react";

const chat = load({ service: "https://chat.example.org", department: "sales", user: { name: "Anna" }, attributes: { seats: 5, beta: true } });

export async function right(): Promise<State> {
  await chat.open();
  await window.porchlight("open");
  await porchlight("startChat", "My order");
  await chat.startChat();
  await porchlight("setUser", { identity: "a.b.c" });
  await chat.setUser({ name: "Anna", email: "anna@example.org" });
  await chat.setAttributes({ plan: "pro", seats: 5, beta: null });
  await chat.setScheme("auto");
  const show = (m: Message) => console.log(m.from, m.time.getTime(), m.text?.length);
  await chat.on("message", show);
  await porchlight("on", "message", show);
  await porchlight("off", "message", show);
  await chat.on("queue-position", ({ position, wait = 0 }) => console.log(position + wait));
  addEventListener("porchlight:unread", (e) => console.log(e.detail.count + 1));
  addEventListener("porchlight:ready", (e) => console.log(e.detail === null));
  Porchlight({ service: "https://chat.example.org", on: { status: ({ status, departments }) => console.log(status === "online", departments[0]?.title) } });
  Porchlight({ service: "https://chat.example.org", user: null, hidden: true });
  const calls = await porchlight();
  await calls.close();
  const status = await porchlight("getStatus");
  return status.chat?.state === "active" ? status : calls.getStatus();
}

export function wrong(): void {
  // @ts-expect-error: an unknown call
  porchlight("opn");
  // @ts-expect-error: an unknown method
  chat.opn();
  // @ts-expect-error: no such scheme
  chat.setScheme("pink");
  // @ts-expect-error: either is signed, or nothing is
  chat.setUser({ identity: "a.b.c", nmae: "Anna" });
  // @ts-expect-error: values are plain
  porchlight("setAttributes", { plan: { name: "pro" } });
  // @ts-expect-error: an unknown event
  chat.on("mesage", () => {});
  // @ts-expect-error: a message has no such field
  porchlight("on", "message", (m) => m.words);
  // @ts-expect-error: what visitors write may be missing
  chat.on("message", (m) => m.text.length);
  // @ts-expect-error: the event of the window has a detail of its own
  addEventListener("porchlight:unread", (e) => e.detail.number);
  // @ts-expect-error: the service is missing
  load({ department: "sales" });
  // @ts-expect-error: no such event
  Porchlight({ service: "https://chat.example.org", on: { mesage() {} } });
}
