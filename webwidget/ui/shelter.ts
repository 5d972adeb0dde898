// The shelter hides what happens in the panel from the page's scripts, as a frame would. A site's shortcuts don't eat what
// the visitor types in the panel, its modal dialogs don't take the focus from the panel, and its paging doesn't take the
// wheel.

/** Events that the page does not hear and that the panel's own listeners get. */
const ours = "keydown input paste dragover drop";

/** Events that the page does not hear and for which the panel has no listeners. */
const nobodys =
  "keypress keyup beforeinput compositionstart compositionupdate compositionend cut copy dragenter dragleave " +
  "focusin focusout focus blur wheel";

/** Events that the page hears, so that its menus close, but can't prevent. */
const open = "pointerdown mousedown touchstart click";

/**
 * Shelters what happens in `host`. The window's capturing listeners come before those of the document and of all elements.
 * But a listener that the page itself put at the window earlier still comes first.
 */
export function shelter(host: HTMLElement): void {
  const on = (types: string, take: (e: Event, target: EventTarget) => void) => {
    for (const type of types.split(" "))
      addEventListener(type, (e) => {
        const path = e.composedPath();
        if (path.includes(host)) take(e, path[0]!);
        // The page does not learn either that the focus comes from the panel or goes into it.
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

/** Copies an event into one that does not leave the panel. */
function copy(e: Event): Event {
  const { bubbles, cancelable } = e;
  const inner = new Event(e.type, { bubbles, cancelable });
  for (const key in e) if (!(key in inner)) Object.assign(inner, { [key]: e[key as keyof Event] });
  return inner;
}
