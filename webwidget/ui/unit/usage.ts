import { check, names } from "../usage";
import { same, test } from "./check";

const says = (name: unknown, ...args: unknown[]): string => {
  try {
    check(name, args);
    return "";
  } catch (error) {
    return (error as Error).message;
  }
};

const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1NDIifQ.c2ln-_";

test("what is right is let through", () => {
  for (const [name, ...args] of [
    ["open"],
    ["open", new Event("click")],
    ["startChat"],
    ["startChat", "My order"],
    ["startChat", new Event("click")],
    ["setUser", { identity: jwt }],
    ["setUser", { name: "Anna" }],
    ["setUser", { email: "anna@example.org", name: undefined }],
    ["setUser", {}],
    ["setAttributes", { plan: "pro", seats: 5, beta: false, gone: null }],
    ["setAttributes", {}],
    ["setDepartment", ""],
    ["setLanguage", "de"],
    ["setLanguage", "zh-Hant-TW"],
    ["setScheme", "auto"],
    ["on", "chat-ended", () => {}],
    ["off", "message", () => {}],
  ])
    same(says(name, ...args), "", `${name} ${JSON.stringify(args)}`);
});

test("what is wrong is told with what is right", () => {
  for (const [name, ...args] of [
    ["startChat", 5],
    ["setUser"],
    ["setUser", null],
    ["setUser", "anna"],
    ["setUser", [jwt]],
    ["setUser", { identity: "anna" }],
    ["setUser", { identity: "" }],
    ["setUser", { identity: jwt, name: "Anna" }],
    ["setUser", { nmae: "Anna" }],
    ["setUser", { name: 5 }],
    ["setAttributes", "pro"],
    ["setAttributes", { plan: { name: "pro" } }],
    ["setAttributes", { plan: undefined }],
    ["setAttributes", ["pro"]],
    ["setDepartment"],
    ["setDepartment", null],
    ["setLanguage", "german"],
    ["setLanguage", ""],
    ["setLanguage", "de_AT"],
    ["setScheme", "Dark"],
    ["on", "message"],
    ["on", "porchlight:message", () => {}],
    ["on", "toString", () => {}],
    ["off", () => {}],
  ]) {
    const told = says(name, ...args);
    same(told.startsWith(`porchlight: ${name} is used as ${name}(`), true, `${name} ${JSON.stringify(args)}: ${told}`);
  }
});

test("an unknown call is told with the known ones", () => {
  for (const name of ["Open", "constructor", "__proto__", "toString", "", null, 5, {}, Symbol("x")]) same(says(name), `porchlight: there is no call “${String(name)}”. There are ${names.join(", ")}.`);
});

test("a call is written with its own name", () => {
  for (const name of names) same(says(name, 5, 5).replace(/^porchlight: (\w+) is used as \1\(.*/s, ""), "", name);
});
