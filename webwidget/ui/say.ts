// The types of the words that the widget says.

/** The key of a text. Each `%` in the text stands for a value, in their order. */
export type Key = { [G in Group]: keyof Words[G] }[Group];

/** A group of texts, which is fetched at once. */
export type Group = keyof Words;

type Words = typeof import("./words.json");

/** Gives a text with its values filled in. */
export type Say = (key: Key, ...values: (string | number | undefined)[]) => string;
