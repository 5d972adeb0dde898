// A file in a bubble.

import { anchor } from "./anchor";
import type { Config } from "./config";
import { h } from "./dom";
import type { Attached } from "./wire";

/** Writes a size in bytes for people who speak a language. */
export function human(bytes: number, speaks: string): string {
  const [unit, of] = bytes < 1e6 ? ["kilobyte", 1e3] : ["megabyte", 1e6];
  return (bytes / (of as number)).toLocaleString(speaks, { style: "unit", unit, maximumFractionDigits: 1 } as object);
}

/**
 * Turns a file's name in the log into a link. A picture is shown only if the service itself keeps it, so that a stranger's
 * server learns nothing about the visitor before a click; over a slow line only when the link is clicked.
 */
export function showFile(label: HTMLElement, { name, type, size, url }: Attached, { base, pace, speaks }: Config): void {
  const own = url[0] === "/";
  const more = size > 0 ? " " + human(size, speaks) : "";
  if (!own && !url.startsWith("https://")) return label.after(more);
  const link = anchor(own ? base + url : url);
  label.replaceWith(link);
  link.append(label, more);
  if (!own) return;
  link.download = name;
  if (!/^image\/(png|jpeg|gif|webp)$/.test(type)) return;
  const show = () => link.prepend(h("img", { loading: "lazy", alt: "", onerror: (e: Event) => (e.target as Element).remove(), src: link.href }));
  if (pace() < 2) return show();
  link.onclick = (e) => {
    e.preventDefault();
    link.onclick = null;
    show();
  };
}
