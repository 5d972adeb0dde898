// Says when the line to the service is down.

import { h, put } from "./dom";
import type { Say } from "./strings";

export interface Line {
  node: HTMLElement;
  /** Tells whether the line is up; what lasts for a moment only is not worth a word. */
  up(is: boolean): void;
}

export function newLine(say: Say): Line {
  let down = 0;
  const node = h("p.wrong.line", { role: "status" });
  return {
    node,
    up(is) {
      if (!is) return void (down ||= setTimeout(() => put(node, say("down")), 2000));
      clearTimeout(down);
      put(node, "");
      down = 0;
    },
  };
}
