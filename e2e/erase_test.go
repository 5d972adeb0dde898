package e2e_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"porchlight/demo"
	"porchlight/e2e/visitor"
)

// erasesForGood is a part of TestMovesInAConversation: a visitor whose page is open is exported and erased. The page's stream
// ends, its token opens nothing any more, and no byte of the visitor is left in the files of the database, even before
// the program ends.
func erasesForGood(t *testing.T, s *site, x *person) {
	t.Helper()
	const marker = "xyzzyplugh"
	c, err := visitor.New(s.url).Ask(within(t), visitor.Inquiry{Name: "Nora " + marker, Email: marker + "@example.net", Reason: "Where is " + marker + "?"})
	if err != nil {
		t.Fatal(err)
	}
	x.take(c.Number, c.Visitor)
	x.says(c.Visitor, "It is at "+marker)
	x.write(c.Visitor, "!note "+marker+" pays late", "Noted")
	x.write(c.Visitor, "!set remark "+marker, "remark: – → "+marker)
	x.desk("search "+marker, "Found, the latest first:")
	stream, err := c.Stream(within(t), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()

	x.Chat(demo.Desk, rand.Text(), "export "+marker+"@example.net")
	told := x.hears(demo.Desk, "As JSON: ")
	_, link, _ := strings.Cut(told, "As JSON: ")
	link, _, _ = strings.Cut(link, "\n")
	r, err := http.Get(s.url + link[strings.Index(link, "/exports/"):])
	if err != nil {
		t.Fatal(err)
	}
	file, err := io.ReadAll(r.Body)
	r.Body.Close()
	if err != nil || !bytes.Contains(file, []byte("It is at "+marker)) || bytes.Contains(file, []byte(c.Token)) {
		t.Errorf("the export: %v\n%s", err, file)
	}

	x.write(demo.Desk, fmt.Sprint("erase ", c.Number), fmt.Sprintf("#%d is still open", c.Number))
	x.write(c.Visitor, "!close", fmt.Sprintf("#%d is closed", c.Number))
	x.write(demo.Desk, fmt.Sprint("erase ", c.Number), "Send within 5 minutes: ")
	x.write(demo.Desk, fmt.Sprintf("erase %d yes", c.Number), fmt.Sprintf("Erased: 1 conversation (#%d)", c.Number))
	for err == nil { // the stream ends
		_, err = stream.Next()
	}
	var refused *visitor.Problem
	if _, err := c.Snapshot(within(t)); !errors.As(err, &refused) || refused.Status != http.StatusNotFound {
		t.Errorf("the token of an erased conversation: %v", err)
	}
	x.desk("search "+marker, "Nothing that you may read has "+marker)
	var left []string
	eventually(t, "nothing of the visitor is left in the database's files", func() bool {
		left = filesWith(t, s.dir, marker[1:]) // the index leaves out of a word what it shares with the word before it
		return len(left) == 0
	})
}

// filesWith lists the files of the database in a folder in which a text stands.
func filesWith(t *testing.T, dir, text string) (found []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "porchlight.db*"))
	if err != nil || len(files) == 0 {
		t.Fatal("no database: ", err)
	}
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte(text)) {
			found = append(found, name)
		}
	}
	return found
}
