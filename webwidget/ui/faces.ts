// Faces: who is there for the visitor, above the form, and who answers, in the header and beside their messages. Fetched when somebody is there.

import type { Config } from "./config";
import { h, setText } from "./dom";
import type { Home } from "./home";
import type { Model } from "./model";
import type { Operator } from "./wire";

export { default as css } from "./faces.css";

/** Makes a round face: the picture, or the initials (only the first, where faces overlap) in a circle whose tint goes by the name. It loads pictures from the service only. */
function face({ base }: Config, { name, avatar = "" }: Operator, overlaps?: boolean): HTMLElement {
  const [first = "", ...more] = name.trim().split(/\s+/);
  const initials = [first, (!overlaps && more.at(-1)) || ""].map((word) => [...word][0] ?? "").join("");
  const node = h("span.one", { ariaHidden: "true" }, initials.toLocaleUpperCase());
  let sum = 0;
  for (const letter of name) sum += letter.codePointAt(0)!;
  node.style.setProperty("--hue", String((sum * 47) % 360));
  if (avatar[0] !== "/") return node;
  const img = h("img", { alt: "", onerror: () => img.remove(), src: base + avatar }); // the initials stand below it
  node.append(img);
  return node;
}

/** Makes a row of faces that overlap: of more than `most` the last place says how many. */
function row(config: Config, list: Operator[], most: number): HTMLElement {
  const left = list.length > most ? list.length - most + 1 : 0;
  const rest = left ? [h("span.one", { ariaHidden: "true" }, "+" + left)] : [];
  return h("span.faces", {}, ...list.slice(0, list.length - left).map((o) => face(config, o, !!list[1])), ...rest);
}

const there = new WeakMap<Node, Operator[]>(); // who was shown last in a form's hint

/** Shows above the form who is there of a department, beside `said`. It shows nothing if another text stands there by now. */
export async function greet(said: ChildNode, { config, say }: Home, department: string): Promise<void> {
  const hint = said.parentElement;
  if (!hint || config.foreign) return;
  const show = (list: Operator[] = []) => {
    while (said.nextSibling) said.nextSibling.remove();
    hint.classList.toggle("greet", !!list[0]);
    if (!list[0]) return;
    const names = new Intl.ListFormat(config.speaks).format(list.map(({ name }) => name));
    said.after(row(config, list, 3), h("b", { dir: "auto", title: names }, say(list[1] ? "areHere" : "isHere", names)));
  };
  show(there.get(hint)); // a hint that is said anew does not lose its faces meanwhile
  try {
    const list = await team(config, department);
    if (said.parentElement === hint) show(list);
    there.set(hint, list);
  } catch {} // there is a greeting without them
}

/** Asks who is there of a department, or of all. */
async function team({ base }: Config, department: string): Promise<(Operator & { about: string })[]> {
  const answer = await fetch(`${base}/v1/team?department=${encodeURIComponent(department)}`, { credentials: "omit" });
  return (await answer.json())["operators"]; // quoted, since our own property of that name has a short one
}

/** Shows who answers in a conversation, until `signal` fires; `log` is the element with its messages. Returns what fits the faces to it. */
export function portray({ config, say }: Home, { model, signal }: { model: Model; signal: AbortSignal }, log: HTMLElement): () => void {
  const head = (log.getRootNode() as ShadowRoot).querySelector("header")!;
  const place = head.querySelector(".face")!;
  const usual = place.firstChild!;
  const about = h("span");
  let shown = "";
  let teammates: Awaited<ReturnType<typeof team>> = []; // those of whom it is known what they tell of themselves
  const learn = async () => {
    try {
      teammates = [...(await team(config, ""))];
      show();
    } catch {} // nothing is told of them
  };
  const show = () => {
    const list = signal.aborted ? [] : model.operators;
    const { typing } = model;
    const now = JSON.stringify(list);
    if (now !== shown) {
      place.replaceChildren(list[0] ? row(config, list, 3) : usual);
      shown = now;
      if (list[0]) void learn();
    }
    place.classList.toggle("here", !!list[0]);
    const told = !list[1] && teammates.find(({ name }) => name === list[0]?.name)?.about;
    setText(about, list[0] ? (list[1] && typing ? say("typing", typing) : typing ? say("writing") : told || say("present")) + " · " : "");
  };
  const dress = (entries: Iterable<Node>) => {
    for (const entry of entries as Iterable<HTMLElement>) {
      if (!entry.matches(".them.first") || entry.querySelector(".one")) continue; // earlier lines go and come back
      const name = entry.querySelector(".who")!.textContent!;
      entry.prepend(face(config, { name, avatar: model.met.get(name) }));
    }
  };
  dress(log.children);
  const grown = new MutationObserver((list) => list.forEach((change) => dress(change.addedNodes))); // a long log is looked through once
  grown.observe(log, { childList: true });
  head.querySelector("small")!.prepend(about);
  signal.addEventListener("abort", () => {
    show();
    about.remove();
    grown.disconnect();
  });
  return show;
}
