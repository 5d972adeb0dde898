// Package ui holds the sources of the visitor's widget: TypeScript and style sheets, bundled by the program in
// build/ into the folder ../dist, which is committed and embedded. There is no Go code here but tests, which drive
// the built widget in a browser against a fake of the service.
package ui
