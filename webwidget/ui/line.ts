// The line of text that says when the connection to the service is down.

import { h, put } from "./dom";
import type { Say } from "./say";

export interface Line {
  node: HTMLElement;
  /** Takes whether the connection is up. It says nothing about a connection that is back within 2 s. */
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
