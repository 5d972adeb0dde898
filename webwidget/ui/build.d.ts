// The build tool adds these: style sheets as minified text, and the names of built files.

declare module "*.css" {
  const text: string;
  export default text;
}

/** The file name of the built panel, e.g. `panel-1a2b3c4d5e.js`. */
declare const __PANEL__: string;

/** The file name of the built module for sites with settings, e.g. `custom-1a2b3c4d5e.js`. */
declare const __CUSTOM__: string;

/** The file name of the built notes, e.g. `notes-1a2b3c4d5e.js`. */
declare const __NOTES__: string;

/** The file name of the built extras, e.g. `extras-1a2b3c4d5e.js`. */
declare const __EXTRAS__: string;

/** The names of the files of words up to the language, e.g. `words-1a2b3c4d5e`. */
declare const __WORDS__: string;
