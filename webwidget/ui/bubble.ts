// What stands in a bubble: a text with its links, or a file.

import { h } from "./dom";
import type { Attached } from "./types";

type Content = (Node | string)[];

const anchor = (href: string, ...content: Content) => h("a", { href, target: "_blank", rel: "noopener noreferrer nofollow" }, ...content);

/** The text with its web addresses as links. */
export function linked(text: string): Content {
  return text.split(/(https?:\/\/[^\s<>"]*[^\s<>"'.,;:!?)\]])/).map((part, i) => (i % 2 ? anchor(part, part) : part));
}

/** A size in bytes as people read it. */
export function human(bytes: number): string {
  const [unit, of] = bytes < 1e6 ? ["kilobyte", 1e3] : ["megabyte", 1e6];
  return (bytes / (of as number)).toLocaleString([], { style: "unit", unit, maximumFractionDigits: 1 } as object);
}

/**
 * The file as a link. Pictures that lie at the service are shown; a stranger's server learns nothing of the visitor
 * before a click.
 */
export function linkedFile({ name, type, size, url }: Attached, base: string): Content {
  const own = url[0] === "/";
  const label = [h("b", {}, name), size > 0 ? " " + human(size) : ""];
  if (!own && !url.startsWith("https://")) return label;
  const link = anchor(own ? base + url : url, ...label);
  if (own) link.download = name;
  if (own && /^image\/(png|jpeg|gif|webp)$/.test(type)) {
    link.prepend(h("img", { loading: "lazy", alt: name, onerror: (e: Event) => (e.target as Element).remove(), src: link.href }));
  }
  return [link];
}
