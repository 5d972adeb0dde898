// Building elements without markup: text nodes and properties only, so that the widget runs under any
// content security policy and Trusted Types.

/**
 * Makes an element from `tag` or `tag.class.class`; `props` become properties where the element has them, attributes
 * otherwise.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  what: K | `${K}.${string}`,
  props: Record<string, unknown> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const [tag, ...classes] = what.split(".");
  const element = document.createElement(tag as K);
  element.className = classes.join(" ");
  for (const key in props) {
    if (key in element) (element as unknown as Record<string, unknown>)[key] = props[key];
    else element.setAttribute(key, props[key] as string);
  }
  element.append(...children);
  return element;
}

/** Changes a text only if it differs: a live region would be read out again. */
export function put(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}
