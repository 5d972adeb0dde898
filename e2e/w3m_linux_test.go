package e2e_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"porchlight/demo"
)

// TestW3m: in w3m a visitor asks, reads the answer, replies, sends a file, ends the conversation and votes.
func TestW3m(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	x := s.operators("xavi")[0]
	w := startW3m(t, s.url+"/chat")
	w.reads("How can we help?")
	w.fills("Name", "Anna")
	w.writes("How can we help?", "Does it work in a terminal?")
	w.presses("Start the conversation")
	w.reads("Your message")
	w.reads("Does it work in a terminal?")
	x.hears(demo.Desk, "#1 Anna, Support: Does it work in a terminal?")
	jid := s.visitorOf(x, 1)
	x.says(jid, "It does, see https://www.example.org/w3m.")
	w.presses("Look for new messages")
	w.reads("Xavi It does, see https://www.example.org/w3m.")
	w.writes("Your message", "Thank you, Xavi!")
	w.presses("Send")
	x.hears(jid, "Thank you, Xavi!")
	w.reads("Anna Thank you, Xavi!")
	picture := filepath.Join(w.dir, "lamp.png")
	w.file(picture, string(pixel()))
	w.fills("Send a file", picture)
	w.keys("\t\r")
	w.reads("Anna lamp.png")
	x.hears(jid, "/files/")
	w.presses("End the conversation")
	w.reads("This conversation has ended.")
	x.hears(jid, "Anna ended the conversation")
	w.finds("Good")
	w.keys("\t\r") // the next choice
	w.writes("What do you want to say about it?", "No mouse needed")
	w.presses("Give your vote")
	w.reads("Your vote: ★★★★★. Thank you!")
	x.hears(demo.Desk, `★★★★★ Anna, #1: "No mouse needed" feedback 1`)
}

// pixel is a small picture.
func pixel() []byte { return append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 200)...) }

// w3m is a w3m in a terminal that is high enough for the whole page.
type w3m struct {
	t        *testing.T
	dir      string // its home
	words    string // the file from which its editor takes what it writes
	terminal *os.File

	mu     sync.Mutex
	output strings.Builder // since the screen was last drawn anew
}

// startW3m opens a page in w3m. Its editor writes what stands in the file words.
func startW3m(t *testing.T, url string) *w3m {
	t.Helper()
	bin, err := exec.LookPath("w3m")
	if err != nil {
		lacking(t, err)
	}
	w := &w3m{t: t, dir: t.TempDir()}
	w.words = filepath.Join(w.dir, "words")
	editor := filepath.Join(w.dir, "editor")
	w.file(editor, "#!/bin/sh\ncp '"+w.words+"' \"$1\"\n")
	if err := os.Chmod(editor, 0o700); err != nil {
		t.Fatal(err)
	}
	var side *os.File
	w.terminal, side, err = openTerminal()
	if err != nil {
		t.Fatal(err)
	}
	defer side.Close()
	cmd := exec.Command(bin, "-cookie", "-o", "accept_cookie=1", "-o", "wrap_search=1", "-o", "ignorecase_search=0", "-o", "editor="+editor, "-I", "UTF-8", "-O", "UTF-8", url)
	cmd.Env = append(os.Environ(), "HOME="+w.dir, "TERM=xterm", "LC_ALL=C.UTF-8", "LANGUAGE=en", "http_proxy=", "NO_PROXY=*")
	cmd.Dir = w.dir
	cmd.Stdin, cmd.Stdout, cmd.Stderr = side, side, side
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.listen()
	}()
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("w3m shows:\n%s", w.screen())
		}
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
		w.terminal.Close()
		<-done
	})
	return w
}

// openTerminal makes a pseudo terminal of 100 columns and 150 rows (pty(7)).
func openTerminal() (ours, theirs *os.File, err error) {
	if ours, err = os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0); err != nil {
		return nil, nil, err
	}
	fd := int(ours.Fd())
	err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	number := 0
	if err == nil {
		number, err = unix.IoctlGetInt(fd, unix.TIOCGPTN)
	}
	if err == nil {
		err = unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 150, Col: 100})
	}
	if err == nil {
		theirs, err = os.OpenFile("/dev/pts/"+strconv.Itoa(number), os.O_RDWR|unix.O_NOCTTY, 0)
	}
	if err != nil {
		ours.Close()
	}
	return ours, theirs, err
}

func (w *w3m) file(path, content string) {
	w.t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// listen takes in what w3m writes, until the terminal is closed.
func (w *w3m) listen() {
	b := make([]byte, 4096)
	for {
		n, err := w.terminal.Read(b)
		if err != nil {
			return
		}
		w.mu.Lock()
		w.output.Write(b[:n])
		w.mu.Unlock()
	}
}

// keys presses keys.
func (w *w3m) keys(keys string) {
	w.t.Helper()
	if _, err := w.terminal.WriteString(keys); err != nil {
		w.t.Fatal(err)
	}
}

var (
	looks = regexp.MustCompile("\x1b\\[[0-9;]*m|\x1b[()][AB0]|[\x0e\x0f]") // how characters look
	moves = regexp.MustCompile("\x1b\\[[0-9;?]*[A-Za-z]|\x1b[=>78]|[\r\n\\s]+")
)

// screen is what w3m wrote since the last key that draws the screen anew, in one line.
func (w *w3m) screen() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Join(strings.Fields(moves.ReplaceAllString(looks.ReplaceAllString(w.output.String(), ""), " ")), " ")
}

// reads waits until the screen shows a text.
func (w *w3m) reads(text string) {
	w.t.Helper()
	eventually(w.t, "w3m shows "+text, func() bool {
		w.mu.Lock()
		w.output.Reset()
		w.mu.Unlock()
		w.keys("\x0c") // draw the screen anew
		for end := time.Now().Add(10 * look); time.Now().Before(end); time.Sleep(look) {
			if strings.Contains(w.screen(), text) {
				return true
			}
		}
		return false
	})
}

// finds puts the cursor on a text, from the top of the page.
func (w *w3m) finds(text string) {
	w.t.Helper()
	w.reads(text)
	w.keys("g/" + regexp.QuoteMeta(text) + "\r")
}

// presses follows a link, or presses or chooses what stands at a text.
func (w *w3m) presses(text string) {
	w.t.Helper()
	w.finds(text)
	w.keys("\r")
}

// fills writes one line into the field after a label.
func (w *w3m) fills(label, text string) {
	w.t.Helper()
	w.finds(label)
	w.keys("\t\r" + text + "\r")
	w.reads("[" + text[:min(len(text), fieldShows)])
}

// writes has the editor write into the field after a label.
func (w *w3m) writes(label, text string) {
	w.t.Helper()
	w.file(w.words, text+"\n")
	w.finds(label)
	w.keys("\t\r")
	w.reads("[" + text[:min(len(text), fieldShows)])
}

// fieldShows is how much of a text w3m shows in a field that is 20 columns wide, at least.
const fieldShows = 12
