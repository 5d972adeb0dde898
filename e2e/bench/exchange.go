package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"
)

// exchange is one POST over the loopback interface that brings a message as JSON and is answered with
// little. A GET opens an event stream.
type exchange struct {
	server  *httptest.Server
	client  *http.Client
	streams chan net.Conn // of the visitors who wait for events
}

// The bodies of an exchange.
type (
	posted struct {
		ClientID string `json:"client_id"`
		Text     string `json:"text"`
	}
	stored struct {
		Seq      int64  `json:"seq"`
		ClientID string `json:"client_id"`
		At       string `json:"at"`
	}
)

func newExchange() *exchange {
	x := &exchange{client: &http.Client{}, streams: make(chan net.Conn, talks)}
	x.server = httptest.NewServer(x)
	return x
}

// ServeHTTP takes a message, or opens a stream.
func (x *exchange) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
			x.streams <- conn
		}
		return
	}
	var in posted
	body, err := io.ReadAll(r.Body)
	if err == nil {
		err = json.Unmarshal(body, &in)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	out, _ := json.Marshal(stored{Seq: 1, ClientID: in.ClientID, At: time.Now().UTC().Format(time.RFC3339Nano)})
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	w.Write(out)
}

// said is an event of a stream with what a visitor is told of a message.
type said struct {
	Seq  int64  `json:"seq"`
	Type string `json:"type"`
	At   string `json:"at"`
	From string `json:"from"`
	Name string `json:"name"`
	Text string `json:"text"`
}

// events writes n events to the streams of as many visitors as there are talks, in turn.
func (x *exchange) events(n int) error {
	open := make([]net.Conn, talks)
	for i := range open {
		open[i] = <-x.streams
		defer open[i].Close()
	}
	for i := range n {
		e, err := json.Marshal(said{int64(i), "message", time.Now().UTC().Format(time.RFC3339Nano), "operator", "Xavi", text})
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(open[i%talks], "id: %d\ndata: %s\n\n", i, e); err != nil {
			return err
		}
	}
	return nil
}

func (x *exchange) once() (time.Duration, error) {
	began := time.Now()
	resp, err := x.client.Post(x.server.URL, "application/json", strings.NewReader(`{"client_id":"0123456789abcdef","text":"`+text+`"}`))
	if err != nil {
		return 0, err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	resp.Body.Close()
	return time.Since(began), err
}
