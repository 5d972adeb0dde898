// The web addresses in a text: GitHub's autolinks (GitHub Flavored Markdown §6.9), and punctuation that is not ASCII ends one too.

// What stands between words in Chinese and Japanese, which have no spaces, is part of no address.
const address = /((?:https?:\/\/|www\.)[\p{L}\p{N}][^\s<>"“”—…\u3001-\u3004\u3008-\u3020\u3030\uff01-\uff0f\uff1a-\uff20\uff3b-\uff3d\uff5b-\uff65]*)/iu;
// What ends a sentence is part of no address if it comes last.
const last = /[?!.,:;*_~']|(?![ -~])\p{P}/u;

/** Cuts a text into pieces, of which every second one is a web address. The page without script does the same (page/address.go). */
export function addresses(text: string): string[] {
  const pieces = text.split(address);
  for (let i = 1; i < pieces.length; i += 2) {
    const whole = pieces[i]!;
    const size = /[a-z]$/i.test(pieces[i - 1]!.slice(-1)) ? 0 : length(whole);
    pieces[i] = whole.slice(0, size);
    pieces[i + 1] = whole.slice(size) + pieces[i + 1];
  }
  return pieces;
}

/** How long an address is without the punctuation of the sentence around it. A bracket belongs to the address if it was opened there. */
function length(s: string): number {
  const unopened = (open: string, close: string) => s.split(close).length - s.split(open).length;
  let round = unopened("(", ")");
  let square = unopened("[", "]");
  let size = s.length;
  for (let c; (c = s[size - 1]!), c === ")" ? round-- > 0 : c === "]" ? square-- > 0 : last.test(c); size--) {
    // What looks like an HTML entity goes whole.
    if (c === ";") size -= /(?:&[a-z\d]+)?;$/i.exec(s.slice(size < 40 ? 0 : size - 40, size))![0].length - 1;
  }
  return size;
}
