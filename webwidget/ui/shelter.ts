// To the page's scripts the panel is as a frame would be: what happens in it is none of their business. A site's shortcuts
// don't eat what is typed there, its modals don't take the focus from there, its paging doesn't turn the wheel away.

/** The page hears nothing of these; the panel's own listeners do. */
const ours = "keydown input paste dragover drop";

/** Nor of these, and we don't listen for them. */
const nobodys =
  "keypress keyup beforeinput compositionstart compositionupdate compositionend cut copy dragenter dragleave " +
  "focusin focusout focus blur wheel";

/** The page hears of these, so that its menus close, but can't forbid them. */
const open = "pointerdown mousedown touchstart click";

/**
 * Shelters what happens in `host`. The window's listeners for capture come before those of the document and of all
 * elements; a listener that the page put at the window itself, earlier than this, still comes first.
 */
export function shelter(host: HTMLElement): void {
  const on = (types: string, take: (e: Event, target: EventTarget) => void) => {
    for (const type of types.split(" "))
      addEventListener(type, (e) => {
        const path = e.composedPath();
        if (path.includes(host)) take(e, path[0]!);
        // the page learns neither that the focus goes into the panel
        else if ((e as FocusEvent).relatedTarget === host) Object.defineProperty(e, "relatedTarget", { value: null });
      }, true);
  };
  const stop = (e: Event) => e.stopImmediatePropagation();
  const deaf = { preventDefault() {}, stopPropagation() {}, stopImmediatePropagation() {} };
  on(ours, (e, target) => {
    stop(e);
    if (!target.dispatchEvent(copy(e))) e.preventDefault();
  });
  on(nobodys, stop);
  on(open, (e) => Object.assign(e, deaf));
}

/** The same event, but one that does not leave the panel. */
function copy(e: Event): Event {
  const { bubbles, cancelable } = e;
  const inner = new Event(e.type, { bubbles, cancelable });
  for (const key in e) if (!(key in inner)) Object.assign(inner, { [key]: e[key as keyof Event] });
  return inner;
}
