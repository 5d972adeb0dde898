// Keeps the newest message in view while the visitor does not read further up.

export interface Scroll {
  /** Whether the newest message is in view. */
  atEnd(): boolean;
  toEnd(): void;
  /** Moves there again after a change, if the newest message was in view. */
  stay(): void;
}

/** `scrolled` is called when another part is in view. */
export function keepEnd(node: HTMLElement, scrolled: () => void): Scroll {
  let height = 0;
  let follow = true; // the newest message was in view when last scrolled

  const atEnd = () => node.scrollHeight - node.scrollTop - node.clientHeight < 40;
  const toEnd = () => (node.scrollTop = 1e9);
  const stay = () => {
    height = node.clientHeight;
    if (follow) toEnd();
  };
  node.onscroll = () => {
    if (height === node.clientHeight) follow = atEnd(); // else it is the layout that scrolls: stay comes next
    scrolled();
  };
  new ResizeObserver(stay).observe(node);
  node.addEventListener("load", stay, true); // a picture has found its size
  return { atEnd, toEnd, stay };
}
