package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
)

// wire is a visitor's HTTP connection that costs this process next to nothing, because the process
// shares two cores with what is measured.
type wire struct {
	conn net.Conn
	r    *bufio.Reader
	head []byte // of a POST, up to the length of its body
	buf  []byte
}

// dialWire connects to web. post will send to the path, with the token.
func dialWire(web, path, token string) (*wire, error) {
	conn, err := net.Dial("tcp", web)
	if err != nil {
		return nil, err
	}
	return &wire{conn: conn, r: bufio.NewReaderSize(conn, 4096), head: fmt.Appendf(nil,
		"POST %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: ", path, web, token)}, nil
}

// post sends a body and waits until it is acknowledged.
func (w *wire) post(body []byte) error {
	w.buf = append(w.buf[:0], w.head...)
	w.buf = strconv.AppendInt(w.buf, int64(len(body)), 10)
	w.buf = append(append(w.buf, "\r\n\r\n"...), body...)
	if _, err := w.conn.Write(w.buf); err != nil {
		return err
	}
	status, err := w.r.ReadSlice('\n')
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(status, []byte("HTTP/1.1 201")) {
		return fmt.Errorf("not stored: %s", status)
	}
	length := -1
	for {
		line, err := w.r.ReadSlice('\n')
		if err != nil {
			return err
		}
		if len(line) == 2 {
			break
		}
		if v, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			length, err = strconv.Atoi(string(bytes.TrimSpace(v)))
			if err != nil {
				return err
			}
		}
	}
	if length < 0 {
		return errors.New("the answer has no length")
	}
	_, err = w.r.Discard(length)
	return err
}

// streamTo opens an event stream and hands its bytes to f until the connection ends.
func streamTo(web, path, token string, f func([]byte)) (io.Closer, error) {
	conn, err := net.Dial("tcp", web)
	if err != nil {
		return nil, err
	}
	if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nAccept: text/event-stream\r\n\r\n", path, web, token); err != nil {
		return nil, err
	}
	go func() {
		buf := make([]byte, 16<<10)
		for {
			n, err := conn.Read(buf)
			f(buf[:n])
			if err != nil {
				return
			}
		}
	}()
	return conn, nil
}

// finder counts how often a needle comes in a stream of bytes.
type finder struct {
	needle, tail []byte
}

// count returns how often the needle has ended within b.
func (f *finder) count(b []byte) int {
	n := 0
	if len(f.tail) > 0 {
		seam := append(f.tail, b[:min(len(b), len(f.needle)-1)]...)
		n = bytes.Count(seam, f.needle)
	}
	n += bytes.Count(b, f.needle)
	keep := append(f.tail, b...)
	f.tail = append(f.tail[:0:0], keep[max(0, len(keep)-len(f.needle)+1):]...)
	return n
}
