// The extras are what not every conversation needs. They are fetched when one of them is first used.

export { edit } from "./edit";
export { askEnd } from "./end";
export { ending } from "./ending";
export { default as css } from "./extras.css";
export { quote } from "./quote";
export { react } from "./react";
export { dayNote, leftNote } from "./told";
