// What not every visitor needs; the panel fetches it when it is first used.

export { cover } from "./drop";
export { edit } from "./edit";
export { askEnd } from "./end";
export { default as css } from "./extras.css";
export { showFile } from "./file";
export { newMail } from "./mail";
export { quote } from "./quote";
export { react } from "./react";
export { newUpload } from "./upload";
