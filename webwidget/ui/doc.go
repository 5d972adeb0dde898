// Package ui holds the sources of the visitor's widget: TypeScript and style sheets. The program in build/ bundles them into
// the folder ../dist, which is committed and embedded. The only Go code here are tests, which drive the built widget in a
// browser against a fake of the service.
package ui
