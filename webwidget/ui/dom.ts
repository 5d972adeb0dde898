// Makes elements of text nodes and properties, without markup, so that the widget runs under any content security policy
// and under Trusted Types.

/**
 * Makes an element from `tag` or `tag.class.class`. A member of `props` becomes a property if the element has one of that
 * name, otherwise an attribute.
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

/** Changes a text only if it differs, since a screen reader would read a live region out again. */
export function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}
