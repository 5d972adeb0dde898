// What all parts need to make of plain values.

/** Makes the JSON of a plain value. JSON.stringify can't: a site may have given all arrays or objects a `toJSON` of its own. */
export const encode = (value: unknown): string => {
  if (Object(value) !== value) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(encode)}]`;
  const parts = Object.entries(value as object).filter(([, v]) => v !== undefined);
  return `{${parts.map(([key, v]) => JSON.stringify(key) + ":" + encode(v))}}`;
};

/** Makes an id that nobody can guess. `randomUUID` does not exist on plain http pages. */
export const newID = (): string => crypto.getRandomValues(new Uint32Array(4)).join("-");
