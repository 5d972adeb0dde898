import { keepEnd } from "../scroll";
import { same, test } from "./check";

/** A box of 100 pixels with content, as a browser would scroll it. */
function box(content = 500) {
  let top = 0;
  let resized = () => {};
  const node = {
    scrollHeight: content,
    clientHeight: 100,
    get scrollTop() {
      return Math.max(0, Math.min(top, node.scrollHeight - node.clientHeight));
    },
    set scrollTop(to: number) {
      top = to;
      top = node.scrollTop;
    },
    onscroll: () => {},
  };
  const frames: (() => void)[] = [];
  Object.assign(globalThis, {
    ResizeObserver: class { constructor(tell: () => void) { resized = tell; } observe() {} },
    requestAnimationFrame: (draw: () => void) => frames.push(draw),
  });
  let scrolls = 0;
  let grown = 0;
  const scroll = keepEnd(node as unknown as HTMLElement, () => scrolls++, () => grown++);
  const change = (how: () => void) => {
    scroll.during(how);
    frame();
  };
  /** Draws the next frame; returns what has waited for it. */
  const frame = () => frames.splice(0).map((draw) => draw()).length;
  resized();
  return {
    node,
    scroll,
    change,
    frame,
    add: (height: number) => change(() => (node.scrollHeight += height)),
    visitor(to: number) {
      node.scrollTop = to;
      node.onscroll();
    },
    resize(to: number) {
      node.clientHeight = to;
      resized();
    },
    scrolls: () => scrolls,
    grown: () => grown,
  };
}

test("the newest message stays in view", () => {
  const b = box();
  same(b.node.scrollTop, 400, "top at the beginning");
  b.add(300);
  same(b.node.scrollTop, 700, "top after a message");
  b.resize(60); // a keyboard comes up
  same([b.node.scrollTop, b.scroll.atEnd()], [740, true]);
});

test("a visitor who reads further up is left there, until they come back", () => {
  const b = box();
  b.visitor(100);
  b.add(300);
  same([b.node.scrollTop, b.scroll.atEnd(), b.scrolls()], [100, false, 1]);
  b.visitor(700);
  b.add(50);
  same(b.node.scrollTop, 750);
});

test("a report of our own scroll that comes late does not end following", () => {
  const b = box();
  b.add(300);
  b.node.scrollHeight += 200; // a picture has come
  b.node.onscroll();
  b.add(10);
  same(b.scroll.atEnd(), true);
});

test("a window that grows moves the view up, and does not end following", () => {
  const b = box();
  b.resize(60);
  b.node.clientHeight = 100;
  b.node.scrollTop = 400;
  b.node.scrollHeight += 200; // a message has come before the browser reports either
  b.node.onscroll();
  b.add(10);
  same(b.scroll.atEnd(), true);
});

test("what a browser moves to keep its place does not end following", () => {
  const b = box();
  b.change(() => {
    b.node.scrollHeight += 300;
    b.node.scrollTop = 250;
  });
  same(b.node.scrollTop, 700);
});

test("the end can be asked for", () => {
  const b = box();
  b.visitor(0);
  b.scroll.toEnd();
  b.add(100);
  same(b.node.scrollTop, 500);
});

test("the changes of a frame are followed once, and what is at the end is so before", () => {
  const b = box();
  for (let n = 0; n < 50; n++) {
    b.scroll.during(() => (b.node.scrollHeight += 100));
    same([b.node.scrollTop, b.scroll.atEnd()], [400, true]);
  }
  same([b.frame(), b.node.scrollTop, b.grown()], [1, 5400, 1]);
});

test("a log is not made shorter while the visitor reads further up", () => {
  const b = box();
  b.visitor(100);
  b.add(300);
  same([b.scroll.atEnd(), b.grown()], [false, 0]);
});

test("who comes to the end while something is added has come to the end", () => {
  const b = box();
  b.visitor(100);
  b.scroll.during(() => {});
  b.node.scrollTop = 1e9;
  b.scroll.during(() => (b.node.scrollHeight += 100)); // in the same frame, before the browser reports the scroll
  b.node.onscroll();
  b.frame();
  same([b.node.scrollTop, b.scroll.atEnd()], [500, true]);
});
