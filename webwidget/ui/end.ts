// The question before a chat ends.

import type { Composer } from "./composer";
import { h } from "./dom";
import type { Say } from "./say";

/** Asks above the composer whether the chat shall end, and calls `end` if so. */
export function askEnd(say: Say, { node, focus }: Composer, end: () => void): void {
  const answer = (then: () => void) => () => {
    bar.remove();
    focus();
    then();
  };
  const yes = h("button.main", { onclick: answer(end) }, say("end"));
  const no = h("button", { onclick: answer(() => {}) }, say("stay"));
  const bar = h("div.bar.sure", { role: "group", ariaLabel: say("sure") }, h("span", {}, say("sure")), yes, no);
  node.parentNode!.querySelector(".sure")?.remove(); // an earlier question without an answer
  node.before(bar);
  yes.focus();
}
