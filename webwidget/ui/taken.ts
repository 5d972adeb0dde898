// The extras use these parts of the panel's module. They import them here only, so that the module is named once.

export { anchor, h, newField, newID, passing } from "./panel";
