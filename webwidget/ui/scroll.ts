// Keeps the newest message in view while the visitor does not read further up.

export interface Scroll {
  /** Whether the newest message is in view. */
  atEnd(): boolean;
  toEnd(): void;
  /** Makes a change to the content of the box. The newest message stays in view if it was in view before. */
  during(change: () => void): void;
}

/** Keeps the newest message of `node` in view. It calls `scrolled` when another part is in view. */
export function keepEnd(node: HTMLElement, scrolled: () => void): Scroll {
  let top = 0; // where the view began when it was last measured
  let height = 0; // how high the view was then
  let follow = true;

  const atEnd = () => node.scrollHeight - node.scrollTop - node.clientHeight < 40;
  const measure = () => {
    top = node.scrollTop;
    height = node.clientHeight;
  };
  /**
   * Finds out whether the visitor has scrolled. A browser reports a scroll, the visitor's or our own, later than it happens,
   * and the end may have moved on meanwhile. But between two changes only the visitor moves the view up to anywhere except
   * the end.
   */
  const notice = () => {
    if (atEnd()) follow = true;
    else if (node.scrollTop < top && node.clientHeight === height) follow = false;
    measure();
  };
  const toEnd = () => {
    node.scrollTop = 1e9;
    follow = true;
    measure();
  };
  const stay = () => (follow ? toEnd() : measure());
  node.onscroll = () => {
    notice();
    scrolled();
  };
  new ResizeObserver(stay).observe(node);
  return {
    atEnd,
    toEnd,
    during(change) {
      notice();
      change();
      stay(); // the change may have moved the view, since some browsers keep in place what the visitor reads
    },
  };
}
