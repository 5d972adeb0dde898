import { h } from "./dom";

type Input = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** One labelled input with a place for what is wrong with it. */
export class Field {
  readonly node: HTMLElement;
  readonly #wrong: HTMLElement;
  readonly label = h("label");

  constructor(
    label: string,
    readonly input: Input,
  ) {
    const id = (input.id = input.name);
    this.#wrong = h("span.wrong", { id: id + "-wrong" });
    input.setAttribute("aria-describedby", this.#wrong.id);
    this.label.htmlFor = id;
    this.label.textContent = label;
    this.node = h("div.field", {}, this.label, input, this.#wrong);
  }

  get value(): string {
    return this.input.value.trim();
  }

  /** Says what is wrong, or with an empty text that nothing is. */
  complain(text = ""): void {
    this.#wrong.textContent = text;
    this.input.ariaInvalid = String(!!text);
  }
}
