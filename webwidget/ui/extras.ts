// What no visitor needs before there is a conversation; the panel fetches it then, when the browser is idle, so that a page
// that stays open while the service is upgraded has the version that fits.

export { cover } from "./drop";
export { edit } from "./edit";
export { askEnd } from "./end";
export { default as css } from "./extras.css";
export { showFile } from "./file";
export { newMail } from "./mail";
export { quote } from "./quote";
export { react } from "./react";
export { newUpload } from "./upload";
