package xmppd

import (
	"runtime"
	"testing"
)

// No two get the same free port while this process lives, even if nobody listens there any more.
func TestFreeAddr_GivesNoPortTwice(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux has sockets without a file")
	}
	seen := make(map[string]bool)
	for range 400 { // by chance, two of so many would be the same
		addr, err := FreeAddr("127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		if seen[addr] {
			t.Fatalf("%s came twice", addr)
		}
		seen[addr] = true
	}
}
