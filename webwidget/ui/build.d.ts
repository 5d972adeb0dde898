// The build tool adds these: style sheets as minified text, and the version of all files.

declare module "*.css" {
  const text: string;
  export default text;
}

/** What stands in the names of all built files except the loader's, e.g. `1a2b3c4d5e`. */
declare const __VERSION__: string;
