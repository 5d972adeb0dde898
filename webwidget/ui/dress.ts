// How a site's widget looks: its theme, its colour, its side, and the picture on the button. A site says it at the desk or on the script's tag.

import { icon, lit } from "./look";
import type { Site } from "./wire";

/** The themes, as styles of their own. `porch` is what the widget looks like without one. Custom properties of the page go before. */
const themes: Record<string, string> = {
  paper: `.box{--back:var(--porchlight-background,light-dark(#fffdf8,#1c1a17));--text:var(--porchlight-text,light-dark(#26221c,#f0ebe2))}
header,header .main{background:none;color:var(--text)}
header{border-bottom:1px solid var(--soft)}
.face{background:var(--soft)}`,
  lamp: `:host{color-scheme:dark!important}
:host>*{--accent:var(--porchlight-accent,#ffb938);--on-accent:var(--porchlight-on-accent,#1d1503)}
.box{--back:var(--porchlight-background,#12151c);--text:var(--porchlight-text,#f2efe8)}
header,header .main{background:none;color:var(--text)}
.face{background:#ffb93826}
button.lit{border-color:var(--light);background:#12151c;color:#ffd88a}`,
};

/** The styles of what only this part makes. */
const told = `.told{padding:10px var(--pad);background:var(--soft);border-bottom:1px solid var(--edge);font-weight:600}
.told,.ask p,.tick{white-space:pre-wrap;overflow-wrap:anywhere}
.tick label{display:flex;gap:10px;align-items:center;font-weight:400}
.tick input{flex:none;width:22px;min-width:22px;min-height:22px;margin:11px 0;accent-color:var(--accent)}
.tick input:focus-visible{outline-offset:2px}`;

const sheets = new WeakMap<Element, CSSStyleSheet>();

/** Gives the button or the panel the site's theme, colour and side. */
export function dress({ colour, colour_dark, side, theme = "" }: Site, host: Element): void {
  let sheet = sheets.get(host);
  if (!sheet) {
    sheets.set(host, (sheet = new CSSStyleSheet()));
    host.shadowRoot!.adoptedStyleSheets.push(sheet);
  }
  const day = valid(colour);
  const night = valid(colour_dark) || day;
  const both = (light: string, dark: string) => lit(`light-dark(${light},${dark})`);
  const accent = night
    ? `:host>*{--accent:var(--porchlight-accent,${both(day || "#27336b", night)});--on-accent:var(--porchlight-on-accent,${both(upon(day || "#27336b"), upon(night))})}`
    : "";
  const left = side === "left" ? ":host{right:auto!important;left:var(--porchlight-right,20px)!important}" : "";
  sheet.replaceSync(told + lit(Object.hasOwn(themes, theme) ? themes[theme]! : "") + accent + left);
}

/** Returns a colour in six digits, or nothing: what is none must not get into the styles. */
const valid = (c?: string) => c && /^#[\da-f]{6}$/i.test(c) && c;

/** The colour of text that is readable on a colour: white or black, whose contrast is never under 4.5 (WCAG 2.2, "contrast ratio"). */
export function upon(colour: string): string {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const c = parseInt(colour.slice(i, i + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05) < 4.5 ? "#000" : "#fff";
}

/** What can stand on the button in place of the bulb. */
const icons: Record<string, string> = {
  chat: "M7 6h18a4 4 0 0 1 4 4v9a4 4 0 0 1-4 4H15l-7 5v-5H7a4 4 0 0 1-4-4v-9a4 4 0 0 1 4-4z",
  question: "M11 11.5a5 5 0 1 1 7.3 4.4C16.7 16.8 16 17.7 16 19.5M16 25v.1",
};

/** Draws the site's picture on the button, once. */
export function draw({ icon: name = "" }: Site, host: Element): void {
  const old = host.shadowRoot!.querySelector("svg")!;
  if (!Object.hasOwn(icons, name) || old.dataset.icon === name) return;
  const drawn = icon(icons[name]) as SVGElement;
  drawn.dataset.icon = name;
  if (name === "chat") drawn.firstElementChild!.setAttribute("class", "glass");
  old.replaceWith(drawn);
}
