// Says when the line to the service is down.

import { h, setText } from "./dom";
import type { Say } from "./say";

export interface Outage {
  node: HTMLElement;
  /** Takes whether the line is up. It says nothing about a line that is back within 2 s. */
  up(is: boolean): void;
}

export function newOutage(say: Say): Outage {
  let down = 0;
  const node = h("p.wrong.outage", { role: "status" });
  return {
    node,
    up(is) {
      if (!is) return void (down ||= setTimeout(() => setText(node, say("down")), 2000));
      clearTimeout(down);
      setText(node, "");
      down = 0;
    },
  };
}
