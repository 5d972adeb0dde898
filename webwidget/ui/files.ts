// What a conversation with files needs. It is fetched for the first file.

export { cover } from "./drop";
export { showFile } from "./file";
export { default as css } from "./files.css";
export { newUpload } from "./upload";
