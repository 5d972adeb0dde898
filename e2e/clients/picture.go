package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"time"
)

const (
	still    = time.Second // a window that has not changed for this long is finished
	maxBytes = 150_000     // the largest size of a picture
)

// look returns what a window shows.
func (s *screen) look(ctx context.Context, win string) ([]byte, error) {
	return s.tool(ctx, "import", "-window", win, "-depth", "8", "gray:-")
}

// act calls do, and returns when the window has changed and come to rest.
func (s *screen) act(ctx context.Context, win string, do func() error) error {
	before, err := s.look(ctx, win)
	if err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	last, since := before, time.Now()
	return until(ctx, "the window to show it", func() (bool, error) {
		now, err := s.look(ctx, win)
		if !bytes.Equal(now, last) {
			last, since = now, time.Now()
		}
		return time.Since(since) > still && !bytes.Equal(now, before), err
	})
}

// shot takes a window's picture for the documents.
func (s *screen) shot(ctx context.Context, win, name string) error {
	file := s.pictures + "-" + name + ".png"
	if _, err := s.tool(ctx, "import", "-window", win, "-strip", "+dither", "-treedepth", "8", "-colors", "255", "-define", "png:compression-level=9", "png8:"+file); err != nil {
		return err
	}
	info, err := os.Stat(file)
	if err == nil && info.Size() > maxBytes {
		err = fmt.Errorf("%s has %d bytes, more than %d", file, info.Size(), maxBytes)
	}
	return err
}

// glance takes a window's picture for somebody to look at, if anybody wants to.
func (s *screen) glance(ctx context.Context, win, name string) error {
	if s.looks == "" {
		return nil
	}
	_, err := s.tool(ctx, "import", "-window", win, "-strip", s.looks+"-"+name+".png")
	return err
}

// failed keeps a picture of the screen when a story has failed.
func (s *screen) failed(file string) {
	ctx, cancel := context.WithTimeout(context.Background(), stepLimit)
	defer cancel()
	if _, err := s.tool(ctx, "import", "-window", "root", file); err == nil {
		fmt.Println("the screen then:", file)
	}
}
