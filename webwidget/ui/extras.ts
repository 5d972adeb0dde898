// What not every visitor needs; the panel fetches it when it is first used.

export { edit } from "./edit";
export { newUploads } from "./upload";
