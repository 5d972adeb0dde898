// Keeps the newest message in view while the visitor does not read further up.

export interface Scroll {
  /** Whether the newest message is in view. */
  atEnd(): boolean;
  toEnd(): void;
  /** Makes a change to the content of the box. The newest message stays in view if it was in view before: once for all changes of a frame, so that a long log is laid out only once. */
  during(change: () => void): void;
}

/** Keeps the newest message of `node` in view. It calls `scrolled` when another part is in view, and `grown` after changes that it has followed. */
export function keepEnd(node: HTMLElement, scrolled: () => void, grown: () => void): Scroll {
  let top = 0; // where the view began when it was last measured
  let height = 0; // how high the view was then
  let content = 0; // and how high all that is in the box
  let follow = true;
  let frame = 0; // before this one is drawn the view follows what has changed; 0: nothing has

  const atEnd = (of = node.scrollHeight) => Math.abs(of - node.scrollTop - node.clientHeight) < 40;
  const measure = () => {
    top = node.scrollTop;
    height = node.clientHeight;
    content = node.scrollHeight;
  };
  /**
   * Finds out whether the visitor has scrolled. A browser reports a scroll, the visitor's or our own, later than it happens,
   * and the end may have moved on meanwhile. But between two changes only the visitor moves the view up to anywhere except
   * the end. And who has come to what was the end before the changes of this frame has come to the end.
   */
  const notice = () => {
    if (atEnd() || atEnd(content)) follow = true;
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
  const settle = () => {
    frame = 0;
    if (follow) grown();
    stay(); // the changes may have moved the view, since some browsers keep in place what the visitor reads
  };
  return {
    atEnd: () => (frame ? follow : atEnd()),
    toEnd,
    during(change) {
      if (!frame) {
        notice();
        frame = requestAnimationFrame(settle);
      }
      change();
    },
  };
}
