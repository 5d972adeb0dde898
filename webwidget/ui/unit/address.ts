// What addresses says of texts.

import { addresses } from "../address";
import texts from "./address.json";
import { same, test } from "./check";

for (const [text, want] of texts as [string, string[]][]) {
  test(text, () => {
    const pieces = addresses(text);
    same(pieces.filter((piece, i) => i % 2 && piece), want);
    same(pieces.join(""), text, "the text");
  });
}

test("a long text takes no longer than it is long", () => {
  for (const rest of [")", "(", ".", ";", "&a;", "&", "a", "https://a.example/)"]) {
    const text = "https://a.example/" + rest.repeat(1e5 / rest.length);
    same(addresses(text).join("") === text, true, rest);
  }
});
