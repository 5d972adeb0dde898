package storetest

import (
	"bytes"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

var fileRules = []rule{
	{"is made of its parts, broken until it is complete, gone when it is deleted", fileRoundTrip},
	{"is deleted in portions", fileParts},
	{"of any bytes and of many megabytes comes back whole", largeFile},
}

func fileRoundTrip(t *trial) {
	number := t.conversation()
	f := bridge.File{ID: "a.png", Conversation: number, Name: "chart.png", Type: "image/png", At: at(1)}
	t.update(func(tx bridge.Tx) error { return tx.CreateFile(f) })
	t.update(func(tx bridge.Tx) error { return tx.AppendFile(f.ID, 0, []byte(strings.Repeat("x", 1000))) })
	t.update(func(tx bridge.Tx) error { return tx.AppendFile(f.ID, 1, []byte("end")) })
	f.Size, f.At = 1003, stored(at(1))
	t.view(func(r bridge.Reader) error {
		expect(t, f)(r.File(f.ID))
		expect(t, []bridge.File{f})(r.BrokenFiles(10))
		expect(t, []byte("end"))(r.FilePart(f.ID, 1))
		expectNone[[]byte](t)(r.FilePart(f.ID, 2))
		return nil
	})
	t.update(func(tx bridge.Tx) error { return tx.CompleteFile(f.ID) })
	f.Whole = true
	whole(t, f, "URL") // an operator's file is not kept
	t.view(func(r bridge.Reader) error {
		expect(t, []bridge.File{f})(r.Files(number, 10))
		expect(t, []bridge.File(nil))(r.BrokenFiles(10))
		return nil
	})
	t.refused(phrase.CodeNotFound, func(tx bridge.Tx) error { return tx.AppendFile("nothing", 0, nil) })
	t.update(func(tx bridge.Tx) error { return tx.DeleteFile(f.ID) })
	t.view(func(r bridge.Reader) error {
		expectNone[bridge.File](t)(r.File(f.ID))
		expectNone[[]byte](t)(r.FilePart(f.ID, 0))
		return nil
	})
	for _, f := range []func(bridge.Tx) error{
		func(tx bridge.Tx) error { return tx.CompleteFile("nothing") }, func(tx bridge.Tx) error { return tx.DeleteFile("nothing") },
	} {
		t.refused(phrase.CodeNotFound, f)
	}
}

func fileParts(t *trial) {
	number := t.conversation()
	t.update(func(tx bridge.Tx) error {
		for _, id := range []string{"a", "b"} {
			if err := tx.CreateFile(bridge.File{ID: id, Conversation: number, Type: "image/png", At: at(1)}); err != nil {
				return err
			}
			for part, text := range []string{"1", "22", "333"} {
				if err := tx.AppendFile(id, int64(part), []byte(text)); err != nil {
					return err
				}
			}
		}
		return nil
	})
	for _, want := range []int64{3, 3, 0} {
		t.update(func(tx bridge.Tx) error { expect(t, want)(tx.DeleteFileParts("a", 2)); return nil })
	}
	t.view(func(r bridge.Reader) error {
		expectNone[[]byte](t)(r.FilePart("a", 2))
		expect(t, []byte("333"))(r.FilePart("b", 2))
		expect(t, int64(12))(r.FileBytes())
		return nil
	})
	t.update(func(tx bridge.Tx) error { return tx.DeleteFile("a") })
	t.view(func(r bridge.Reader) error { expect(t, int64(6))(r.FileBytes()); return nil })
}

func largeFile(t *trial) {
	const parts, size = 4, 4 << 20
	number := t.conversation()
	t.update(func(tx bridge.Tx) error {
		return tx.CreateFile(bridge.File{ID: "large", Conversation: number, Type: "image/png", At: at(1)})
	})
	content := func(part int) []byte {
		data := make([]byte, size)
		for i := range data {
			data[i] = byte(i + i>>8 + part)
		}
		return data
	}
	for part := range parts {
		t.update(func(tx bridge.Tx) error { return tx.AppendFile("large", int64(part), content(part)) })
	}
	t.view(func(r bridge.Reader) error {
		for part := range parts {
			data, err := r.FilePart("large", int64(part))
			if err != nil || !bytes.Equal(data, content(part)) {
				t.Errorf("part %d comes back as %d bytes, error %v", part, len(data), err)
			}
		}
		expect(t, int64(parts*size))(r.FileBytes())
		return nil
	})
}
