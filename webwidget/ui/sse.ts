// The event stream format of the HTML standard (§9.2.6), as a pure function of text. Ids are left out: our events have
// their numbers inside.

export interface Frame {
  event: string;
  data: string;
}

/** Makes a parser: feed it text as it comes, in pieces of any size; it emits each whole frame that has data. */
export function parser(emit: (frame: Frame) => void): (chunk: string) => void {
  let rest = "";
  let event = "";
  let data: string[] = [];

  const line = (text: string) => {
    if (!text) {
      if (data.length) emit({ event, data: data.join("\n") });
      event = "";
      data = [];
      return;
    }
    const [, field, value] = /^([^:]*):? ?(.*)$/s.exec(text)!;
    if (field === "data") data.push(value!);
    else if (field === "event") event = value!;
  };

  return (chunk) => {
    // A CR at the very end may be the first half of a CRLF: it waits for the next piece.
    const lines = (rest + chunk).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop()!;
    lines.forEach(line);
  };
}
