// What the extras take of the panel's module; imported in this one place, so that it is named once.

export { anchor, h, newField, newID, passing } from "./panel";
