// Package driver drives browsers other than Chromium for tests: Firefox over WebDriver BiDi, and WebKit over
// WebDriver. Both are as Debian packages them (firefox-esr; webkit2gtk-driver and xvfb), without a window on a screen.
//
// A browser has one window. Its methods are for one goroutine at a time, and return when the browser has done what they
// say or the context has ended. Coordinates are CSS pixels of the viewport.
package driver
