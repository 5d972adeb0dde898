// Keeps the newest message in view while the visitor does not read further up.

export interface Scroll {
  /** Whether the newest message is in view. */
  atEnd(): boolean;
  toEnd(): void;
  /** Makes a change to what is in the box; the newest message stays in view if it was there. */
  during(change: () => void): void;
}

/** `scrolled` is called when another part is in view. */
export function keepEnd(node: HTMLElement, scrolled: () => void): Scroll {
  let top = 0; // where the view began,
  let height = 0; // and how high it was, at the last look
  let follow = true;

  const atEnd = () => node.scrollHeight - node.scrollTop - node.clientHeight < 40;
  const note = () => {
    top = node.scrollTop;
    height = node.clientHeight;
  };
  /**
   * Finds out whether the visitor has scrolled. A browser reports a scroll later than it happens, and our own too, so that
   * the end may have moved on since; but between two changes nobody else moves the view up, save to the end.
   */
  const look = () => {
    if (atEnd()) follow = true;
    else if (node.scrollTop < top && node.clientHeight === height) follow = false;
    note();
  };
  const toEnd = () => {
    node.scrollTop = 1e9;
    follow = true;
    note();
  };
  const stay = () => (follow ? toEnd() : note());
  node.onscroll = () => {
    look();
    scrolled();
  };
  new ResizeObserver(stay).observe(node);
  return {
    atEnd,
    toEnd,
    during(change) {
      look();
      change();
      stay(); // the change may have moved the view, as browsers do that hold on to what is read
    },
  };
}
