// The build tool adds these: style sheets as minified text, and the version of all files, the languages.

declare module "*.css" {
  const text: string;
  export default text;
}

/** What stands in the names of all built files except the loader's, e.g. `1a2b3c4d5e`. */
declare const __VERSION__: string;

/** The languages that have words, and those of them that are written from right to left: `ar fa he`. */
declare const __TONGUES__: string;
declare const __RTL__: string;
