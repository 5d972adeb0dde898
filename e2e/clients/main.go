// Clients plays the same story in the chat clients that operators use: Gajim,
// Dino and Profanity as Debian packages them, and Converse in Chromium, on a
// screen that nobody sees. A visitor asks, a colleague is faster, the next
// request is taken, answered and closed, and a command is given; where the chats can
// be found again, the rest of a working day follows. In Profanity, each form of each
// declared command is opened. docs/operators.md shows the pictures that Clients takes.
// Each run takes them anew, and somebody has to look at them; with -look at many more.
//
// Everything runs in Linux namespaces of its own: a network with nothing but a
// loopback, so that all ports are free and no client can talk to anybody; a
// certificate authority that only these processes trust, since Dino takes no
// other; and a process table, so that nothing is left when it ends. That needs
// root. The clients themselves run as nobody, since Gajim refuses root.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"porchlight/e2e/rig"
)

// storyLimit is how long one client's story may take.
const storyLimit = 8 * time.Minute

func main() {
	only := flag.String("only", "profanity,gajim,dino,converse", "which clients, with commas")
	out := flag.String("out", "docs/operators", "folder for the pictures")
	look := flag.String("look", "", "folder for further pictures, which are in no document; empty: none are taken")
	keep := flag.Bool("keep", false, "keep the temporary folder, with profiles and logs")
	within := flag.Bool("inside", false, "set by the program itself, in its namespaces")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var err error
	if *within {
		err = inside(ctx, strings.Split(*only, ","), folders{*out, *look}, *keep)
	} else if err = fetch(ctx, strings.Split(*only, ",")); err == nil {
		err = enter(ctx)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "clients:", err)
		os.Exit(1)
	}
}

// fetch gets programs that are no packages, while there is a network.
func fetch(ctx context.Context, names []string) error {
	if !slices.Contains(names, "converse") {
		return nil
	}
	if err := fetchConverse(ctx); err != nil {
		return fmt.Errorf("fetch Converse: %w", err)
	}
	return nil
}

// folders are where pictures go: those of the documents, and those that are only looked at; "": these are not taken.
type folders struct{ pictures, looks string }

func (f folders) make() error {
	err := os.MkdirAll(f.pictures, 0o755)
	if f.looks != "" {
		err = errors.Join(err, os.MkdirAll(f.looks, 0o755))
	}
	return err
}

// inside runs the stories, one after the other.
func inside(ctx context.Context, names []string, to folders, keep bool) (err error) {
	if err := prepare(ctx); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "porchlight-clients-")
	if err != nil {
		return err
	}
	defer func() {
		if keep || err != nil {
			fmt.Println("kept:", dir)
			return
		}
		os.RemoveAll(dir)
	}()
	if err := errors.Join(os.Chmod(dir, 0o755), to.make()); err != nil { // so that the user nobody can enter
		return err
	}
	bin, err := rig.Build(ctx, dir)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := one(ctx, name, bin, filepath.Join(dir, name), to); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// one plays the story in one client, on a server and a screen that the client has for itself.
func one(ctx context.Context, name, bin, dir string, to folders) error {
	ctx, cancel := context.WithTimeout(ctx, storyLimit)
	defer cancel()
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	begin, open := time.Now(), newDemo
	switch name {
	case "dino":
		open = newSecure
	case "converse":
		open = newWeb
	}
	w, err := open(ctx, bin, dir)
	if err != nil {
		return err
	}
	defer w.stop()
	s, err := newScreen(ctx, dir)
	if err != nil {
		return err
	}
	defer s.stop()
	var a app
	switch name {
	case "gajim":
		a = &gajim{screen: s, world: w}
	case "dino":
		a = &dino{screen: s, world: w}
	case "profanity":
		a = &profanity{screen: s, world: w}
	case "converse":
		a = &converse{screen: s, world: w}
	default:
		return errors.New("unknown; known are gajim, dino, profanity and converse")
	}
	s.pictures = filepath.Join(to.pictures, name)
	if to.looks != "" {
		s.looks = filepath.Join(to.looks, name)
	}
	if err := play(ctx, w, s, a); err != nil {
		s.failed(filepath.Join(dir, "failed.png"))
		return err
	}
	fmt.Printf("%s: %s\n", name, time.Since(begin).Round(time.Second))
	return nil
}
