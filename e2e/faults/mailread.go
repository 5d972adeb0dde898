package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"os"
	"os/exec"
	"strings"
	"time"
)

// plainText finds the first text/plain in a body.
func plainText(kind, encoding string, body io.Reader) (string, error) {
	media, params, err := mime.ParseMediaType(kind)
	if err != nil {
		return "", fmt.Errorf("read Content-Type %q: %w", kind, err)
	}
	if !strings.HasPrefix(media, "multipart/") {
		if strings.EqualFold(encoding, "quoted-printable") {
			body = quotedprintable.NewReader(body)
		}
		text, err := io.ReadAll(body)
		return string(text), err
	}
	parts := multipart.NewReader(body, params["boundary"])
	for {
		p, err := parts.NextPart() // decodes quoted-printable
		if err != nil {
			return "", errors.New("there is no text in the mail")
		}
		kind := p.Header.Get("Content-Type")
		if strings.HasPrefix(kind, "multipart/") || strings.HasPrefix(kind, "text/plain") {
			return plainText(kind, p.Header.Get("Content-Transfer-Encoding"), p)
		}
	}
}

// wordsIn lists the operator's words in a text, and those in what it quotes.
func wordsIn(text string) (fresh, quoted []string) {
	for line := range strings.Lines(text) {
		found := wordForm.FindAllString(line, -1)
		if strings.HasPrefix(line, ">") {
			quoted = append(quoted, found...)
		} else {
			fresh = append(fresh, found...)
		}
	}
	return fresh, quoted
}

func trimID(id string) string { return strings.Trim(strings.TrimSpace(id), "<>") }

// pause waits.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// sh runs a command line.
func sh(ctx context.Context, line string) error {
	if out, err := exec.CommandContext(ctx, "sh", "-c", line).CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}

func readFile(name string) string {
	text, _ := os.ReadFile(name)
	return string(text)
}

func remove(name string) { os.Remove(name) }
