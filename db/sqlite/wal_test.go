package sqlite

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"porchlight/bridge/storetest"
)

// crashed makes a database in the state that a kill leaves: everything that was stored is
// in the write-ahead log alone.
func crashed(t *testing.T) (path string, wal []byte) {
	t.Helper()
	from := filepath.Join(t.TempDir(), "porchlight.db")
	d := openAt(t, from)
	number := create(t, d, storetest.Sample(1)).Number
	for i := range 6 {
		update(t, d, storetest.Say(number, fmt.Sprint("v:", i), strings.Repeat("x", 100), nil))
	}
	path = filepath.Join(t.TempDir(), "porchlight.db")
	for _, end := range []string{"", "-wal"} {
		copyFile(t, from+end, path+end)
	}
	wal, err := os.ReadFile(path + "-wal")
	if err != nil || len(wal) < logHeader+4*(frameHeader+4096) {
		t.Fatalf("%d bytes of log, %v", len(wal), err)
	}
	return path, wal
}

// Open finds a byte that was flipped anywhere in a commit, and says how many bytes are not
// used.
func TestOpen_SaysThatTheLogEndsEarly(t *testing.T) {
	path, wal := crashed(t)
	last := len(wal) - 4096 - frameHeader
	for name, at := range map[string]int{
		"header's salt": 17, "header's checksum": 25, "first frame": logHeader + frameHeader + 99, "middle": len(wal) / 2,
		"salt of the last": last + 9, "checksum of the last": last + 17, "page of the last": len(wal) - 1,
	} {
		spoilt := append([]byte(nil), wal...)
		spoilt[at] ^= 0x10
		write(t, path+"-wal", string(spoilt))
		u, err := unusedLog(path + "-wal")
		if err != nil || u.Bytes == 0 || u.From+u.Bytes != int64(len(wal)) || u.Commits == 0 || u.From > int64(at) {
			t.Errorf("%s: %+v, %v", name, u, err)
		}
	}
	spoilt := append([]byte(nil), wal...)
	spoilt[len(wal)-1] ^= 1
	write(t, path+"-wal", string(spoilt))
	if s, err := Peek(t.Context(), path); err != nil || s.Unused.Commits != 1 {
		t.Errorf("Peek found %+v, %v", s, err)
	}
	d := openAt(t, path)
	u := d.Unused()
	expectText(t, fmt.Errorf("%v", u), fmt.Sprint(u.Bytes, " bytes"), u.Copy)
	if kept, err := os.ReadFile(u.Copy); err != nil || string(kept) != string(spoilt) {
		t.Errorf("the copy %q has %d bytes, %v", u.Copy, len(kept), err)
	}
	if got := len(texts(t, d, 1)); got != 5 {
		t.Errorf("%d messages are left of 6", got)
	}
}

// Open says nothing about what an ordinary crash leaves: a whole log, an unfinished
// transaction, or frames from before the log began anew.
func TestOpen_SaysNothingOfAnOrdinaryCrash(t *testing.T) {
	path, wal := crashed(t)
	frame := frameHeader + 4096
	earlier := append([]byte(nil), wal[len(wal)-frame:]...)
	for i := range 8 {
		earlier[8+i] ^= 0x55
	}
	unfinished := append([]byte(nil), wal[logHeader:logHeader+frame]...)
	copy(unfinished[4:], []byte{0, 0, 0, 0})
	for name, log := range map[string]string{
		"whole": string(wal), "half a frame": string(wal) + string(wal[logHeader:logHeader+2000]), "an earlier round": string(wal) + string(earlier),
		"no commit": string(wal) + string(unfinished), "empty": "", "header only": string(wal[:logHeader]),
	} {
		write(t, path+"-wal", log)
		if u, err := unusedLog(path + "-wal"); err != nil || u != (Unused{}) {
			t.Errorf("%s: %+v, %v", name, u, err)
		}
	}
	if u, err := unusedLog(path + "-none"); err != nil || u != (Unused{}) {
		t.Errorf("no log: %+v, %v", u, err)
	}
}

// A program that is killed again and again, each time before it looks at the size of the log, does not let the log grow
// for ever.
func TestCheckpoint_AlsoOfAnEarlierRun(t *testing.T) {
	path := prepared(t, t.TempDir())
	var sizes []int64
	for run := range 8 {
		d := openAt(t, path)
		d.writer.growth, d.writer.checkpointAt = 50, 50 // the writer has no job yet, so this is no race
		for i := range 20 {
			update(t, d, storetest.Say(1, fmt.Sprint("v:", run, ".", i), strings.Repeat("x", 5000), nil))
		}
		next := filepath.Join(t.TempDir(), "porchlight.db")
		for _, end := range []string{"", "-wal"} { // what a kill leaves
			copyFile(t, path+end, next+end)
		}
		path = next
		info, err := os.Stat(path + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, info.Size())
	}
	if sizes[7] > 3*sizes[0] {
		t.Errorf("after each run the log has %d bytes", sizes)
	}
}
