// The notes that the site's owner reads in the console when something keeps the widget from working. A note says what is
// wrong, where, and what mends it. The widget fetches this module when there is something to say.

/** The service does not know the page's origin. */
export function foreign(base: string): string {
  const { origin } = location;
  if (origin === "null") return "a page that was opened from a file has no origin. Open it from a web server.";
  if (origin === new URL(base).origin)
    return `the service takes ${origin} for another site. Set public_url in [web] of its configuration to ${base}, or have the proxy pass the Host header on.`;
  return `nobody can write from this page: ${origin} is missing in allowed_origins in [web] of the configuration of ${base}. There "porchlight check --origin ${origin}" tells more.`;
}

/** The service, or a proxy before it, answered wrongly. */
export const answer = (base: string, status: string, detail = `is everything under ${base} passed on to porchlight?`): string =>
  `${base}/v1/status answers ${status}: ${detail}`;

/** There is no answer, or none that a script may read. */
export function silence(base: string): string {
  const mixed = location.protocol === "https:" && base.startsWith("http:");
  const why = mixed ? "a page with https needs it with https, too." : `is it running, and is everything under ${base} passed on to porchlight?`;
  return `${base}/v1/status does not answer, or not as porchlight does: ${why}`;
}

/** The page's policy forbids something of ours. */
export const policy = (base: string, directive: string): string =>
  `this page's Content-Security-Policy forbids what the chat needs: add ${new URL(base).origin} to ${directive}.`;

/** Streams don't get through. */
export const buffer = (base: string): string =>
  `something between this browser and ${base} holds streams back (a proxy that buffers?). The chat goes on with polls.`;
