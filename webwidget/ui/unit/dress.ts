import { upon } from "../dress";
import { same, test } from "./check";

/** The relative luminance of a colour (WCAG 2.2). */
function light(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

test("text upon any grey can be read", () => {
  for (let v = 0; v < 256; v++) readable("#" + v.toString(16).padStart(2, "0").repeat(3));
});

test("text upon any colour can be read", () => {
  for (let r = 0; r < 256; r += 15) for (let g = 0; g < 256; g += 15) for (let b = 0; b < 256; b += 15) readable("#" + [r, g, b].map((v) => v.toString(16).padStart(2, "0")).join(""));
});

test("white stands upon dark colours", () => same(["#27336b", "#000000", "#006644"].map(upon), ["#fff", "#fff", "#fff"]));

test("black stands upon light colours", () => same(["#ffb938", "#ffffff", "#ffff00"].map(upon), ["#000", "#000", "#000"]));

/** Fails unless what stands upon a colour has a contrast of 4.5. */
function readable(colour: string): void {
  const [low, high] = [light(colour), upon(colour) === "#fff" ? 1 : 0].sort((a, b) => a - b) as [number, number];
  if ((high + 0.05) / (low + 0.05) < 4.5) throw new Error(colour);
}
