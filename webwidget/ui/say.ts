// The types of the words that the widget says.

/** The key of a text. `%` in the text stands for the one value that it may take. */
export type Key = { [G in Group]: keyof Words[G] }[Group];

/** A group of texts, which is fetched at once. */
export type Group = keyof Words;

type Words = typeof import("./words.json");

/** Gives a text with its value filled in. */
export type Say = (key: Key, value?: string | number) => string;
