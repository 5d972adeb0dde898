//go:build race

package bridge

// usualWaits is how many sequences TestNobodyWaitsUnseen plays with the race detector, which makes each
// five times as slow and finds nothing there: no sequence shares anything with another. make check plays
// all of them without it.
const usualWaits = 5_000
