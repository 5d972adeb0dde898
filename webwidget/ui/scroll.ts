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
  let top = 0; // where the view began,
  let height = 0; // and how high it was, at the last look
  let follow = true;

  const atEnd = () => node.scrollHeight - node.scrollTop - node.clientHeight < 40;
  /**
   * Finds out whether the visitor has scrolled. A browser reports a scroll later than it happens, and our own too, so that
   * the end may have moved on since; but no layout moves the view up in a box of the same height, save to the end.
   */
  const look = () => {
    if (atEnd()) follow = true;
    else if (node.scrollTop < top && node.clientHeight === height) follow = false;
    top = node.scrollTop;
    height = node.clientHeight;
  };
  const toEnd = () => {
    node.scrollTop = 1e9;
    look();
  };
  const stay = () => {
    look();
    if (follow) toEnd();
  };
  node.onscroll = () => {
    look();
    scrolled();
  };
  new ResizeObserver(stay).observe(node);
  node.addEventListener("load", stay, true); // a picture may have changed its size
  return { atEnd, toEnd, stay };
}
