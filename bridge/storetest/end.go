package storetest

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

var endRules = []rule{
	{"close answers what waits and refuses the rest", closeAnswers},
	{"a kill at any moment loses nothing that was acknowledged", killed},
}

func closeAnswers(t *trial) {
	number := t.conversation()
	var stored atomic.Int64
	under := make(chan struct{})
	var once sync.Once
	var wg sync.WaitGroup
	s := t.store
	for i := range 50 {
		wg.Go(func() {
			for n := 0; ; n++ {
				err := s.Update(context.Background(), Say(number, fmt.Sprintf("v:%d-%d", i, n), "x", nil))
				if err != nil {
					expectCode(t, phrase.CodeUnavailable, err)
					return
				}
				stored.Add(1)
				once.Do(func() { close(under) })
			}
		})
	}
	<-under
	t.stop()
	wg.Wait()
	if err := s.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
	expectCode(t, phrase.CodeUnavailable, s.View(t.Context(), func(bridge.Reader) error { return nil }))
	t.start()
	expect(t, int(stored.Load()))(len(t.texts(number)), nil)
}

// placeOfChild is the environment variable that names the place of its store to a process
// that is to be killed.
const placeOfChild = "PORCHLIGHT_STORETEST_PLACE"

// killed lets another process write, kills it, and looks for what it had acknowledged, three
// times in the same store.
func killed(t *trial) {
	number := t.conversation()
	acknowledged := make(map[string]bool)
	for range 3 {
		t.stop()
		writeAndKill(t, acknowledged)
		t.start()
		var log []string
		t.view(func(r bridge.Reader) error { // one view, since an engine may still carry out what the dead process asked for
			log = textsIn(t, r, number)
			c, err := r.Conversation(number)
			expect(t, int64(len(log)))(c.Seq, err)
			return nil
		})
		stored := make(map[string]bool)
		for _, text := range log {
			stored[text] = true
		}
		for text := range acknowledged {
			if !stored[text] {
				t.Errorf("%s was acknowledged and is lost", text)
			}
		}
	}
}

// writeAndKill kills a process while it writes, and adds what the process had acknowledged.
func writeAndKill(t *trial, acknowledged map[string]bool) {
	const least = 300 // messages before the kill
	child := exec.Command(os.Args[0], "-test.run=^$")
	child.Env = append(os.Environ(), placeOfChild+"="+t.place)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	alive, err := child.StdinPipe() // ends with this process, and then the child ends
	if err != nil {
		t.Fatal(err)
	}
	defer alive.Close()
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	n := 0
	for lines := bufio.NewScanner(out); lines.Scan(); n++ {
		acknowledged[lines.Text()] = true
		if n == least {
			_ = child.Process.Kill() // what it acknowledges until it is dead counts too
		}
	}
	_ = child.Wait()
	if n < least {
		t.Fatalf("only %d messages were acknowledged: does TestMain call storetest.Child?", n)
	}
}

// Child must be the first thing that the TestMain of an engine's tests calls. In the process
// of a test it returns at once. In a process that a test has started it writes to the store of
// that test, and never returns.
func Child(open Open) {
	place := os.Getenv(placeOfChild)
	if place == "" {
		return
	}
	ctx := context.Background()
	s, err := open(ctx, place)
	if err != nil {
		log.Fatal(err)
	}
	var c bridge.Conversation
	err = s.View(ctx, func(r bridge.Reader) (err error) {
		c, err = r.LatestConversation(anna)
		return err
	})
	if err != nil {
		log.Fatal(err)
	}
	var out sync.Mutex
	for w := range 8 {
		go func() {
			for i := 0; ; i++ {
				text := fmt.Sprintf("v:%d-%d-%d", os.Getpid(), w, i)
				if err := s.Update(ctx, Say(c.Number, text, text, nil)); err != nil {
					log.Fatal(err)
				}
				out.Lock()
				fmt.Println(text)
				out.Unlock()
			}
		}()
	}
	_, _ = io.Copy(io.Discard, os.Stdin) // returns when the parent ends without killing this process
	os.Exit(1)
}
