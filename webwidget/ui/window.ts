// Fits the panel to the window: in a small one it covers the page.

import type { Config } from "./config";

/**
 * Fits the panel's box to the window now and whenever that changes. It goes by the visual viewport, because on a phone the
 * keyboard covers the page's lower part without changing the page's size.
 */
export function fit(box: HTMLElement, config: Config): void {
  const view = visualViewport!;
  const measure = () => {
    const full = config.page || Math.min(innerWidth, innerHeight) < 481;
    box.style.setProperty("--seen", view.height * view.scale + "px");
    box.classList.toggle("full", full);
    if (!config.page) box.ariaModal = String(full);
  };
  view.onresize = measure;
  measure();
}

/** Takes a press of Tab, so that the focus stays in a panel that covers the page. Such a panel begins and ends with a button. */
export function keepFocus(box: HTMLElement, e: KeyboardEvent): void {
  const buttons = [...box.querySelectorAll("button")].filter((b) => b.offsetParent);
  const [from, to] = e.shiftKey ? [0, -1] : [-1, 0];
  if (!box.matches(".full") || e.target !== buttons.at(from)) return;
  e.preventDefault();
  buttons.at(to)!.focus();
}
