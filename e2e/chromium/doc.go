// Package chromium starts Chromium for tests in the way that costs the least processor time, and lends its tabs to one test after
// the other. E2e has an XMPP client (operator), an HTTP client (visitor) and other browsers (driver) beside it.
//
// Half of what a test in a browser costs is the browser, not the page: a start takes a second of processor time, a window of its
// own half a second, a tab that was used before a tenth.
package chromium
