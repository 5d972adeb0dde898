//go:build !race

package bridge

// usualWaits is how many sequences TestNobodyWaitsUnseen plays.
const usualWaits = 100_000
