import { h } from "./dom";
import type { Key, Say } from "./say";

/** One labelled input, with a place for what is wrong with the value. */
export interface Field {
  node: HTMLElement;
  label: HTMLElement;
  input: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
  readonly value: string;
  /** Says what is wrong with the value. An empty text says that nothing is. */
  complain(text?: string): void;
}

/** Makes a field. The input's name is the key of the label's text. */
export function newField(say: Say, input: Field["input"]): Field {
  const id = (input.id = input.name);
  input.dir = "auto";
  if (!("options" in input)) input.placeholder = " "; // an empty field has the direction of the page, which only a placeholder can tell
  const label = h("label", { htmlFor: id }, say(id as Key));
  const wrong = h("span.wrong", { id: id + "-wrong" });
  input.setAttribute("aria-describedby", wrong.id);
  return {
    node: h("div.field", {}, label, input, wrong),
    label,
    input,
    get value() {
      return input.value.trim();
    },
    complain(text = "") {
      wrong.textContent = text;
      input.ariaInvalid = String(!!text);
    },
  };
}
