// A modal dialog of the site makes all that is not in it inert: neither the button nor an open panel could be used. So our elements
// move into it while it is open. Fetched with the first such dialog.

const ours = "porchlight-button,porchlight-teaser,porchlight-invitation,porchlight-panel:not([inline],[page])";

/** Keeps our elements where they can be used, from now on. */
export function follow(): void {
  let open: Element[] = []; // the newest is the last, and lies above the others
  const look = () => {
    const now = [...document.querySelectorAll("dialog:modal")];
    open = open.filter((dialog) => now.includes(dialog));
    open.push(...now.filter((dialog) => !open.includes(dialog)));
    const place = open.at(-1) ?? document.documentElement;
    for (const host of document.querySelectorAll(ours)) if (host.parentElement !== place) move(host, place);
  };
  const changes = new MutationObserver(look);
  changes.observe(document, { subtree: true, attributeFilter: ["open"] });
  changes.observe(document.documentElement, { childList: true }); // where new elements of ours begin
  look();
}

/** Moves an element of ours. What is scrolled in it, and what has the focus, stays so. */
function move(host: Element, place: Element): void {
  const root = host.shadowRoot!;
  const focused = root.activeElement as HTMLElement | null;
  const tops = [...root.querySelectorAll("*")].filter((e) => e.scrollTop).map((e) => [e, e.scrollTop] as const);
  if (host.localName !== "porchlight-button") root.addEventListener("keydown", press, true);
  place.append(host);
  for (const [e, top] of tops) e.scrollTop = top;
  focused?.focus();
}

/** Lets Escape close what is open in an element of ours, and not the dialog around it too. */
function press(e: Event): void {
  if ((e as KeyboardEvent).key === "Escape") e.preventDefault();
}
