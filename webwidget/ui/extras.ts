// The extras are what no visitor needs before there is a conversation. The panel fetches them as soon as there is one and
// the browser is idle, and not only when they are used. So a page that stays open while the service is upgraded has the
// version that fits the panel.

export { cover } from "./drop";
export { edit } from "./edit";
export { askEnd } from "./end";
export { default as css } from "./extras.css";
export { showFile } from "./file";
export { newMail } from "./mail";
export { quote } from "./quote";
export { react } from "./react";
export { newUpload } from "./upload";
