import { h } from "./dom";

/** One labelled input with a place for what is wrong with it. */
export interface Field {
  node: HTMLElement;
  label: HTMLElement;
  input: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
  readonly value: string;
  /** Says what is wrong, or with an empty text that nothing is. */
  complain(text?: string): void;
}

export function newField(text: string, input: Field["input"]): Field {
  const id = (input.id = input.name);
  input.dir = "auto";
  const label = h("label", { htmlFor: id }, text);
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
