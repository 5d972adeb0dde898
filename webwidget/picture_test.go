package webwidget_test

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"porchlight/bridge/phrase"
)

// gallery has one picture, which is drawn as often as somebody has asked for it.
type gallery struct {
	asked, drawn, now, most atomic.Int64
	hold                    chan struct{} // a drawing waits for it, if it is not nil
}

func (g *gallery) find(name string) (func(context.Context) ([]byte, error), error) {
	if name != "lamp" {
		return nil, phrase.Fail(phrase.CodeNotFound, "There is no such picture.")
	}
	g.asked.Add(1)
	return func(ctx context.Context) ([]byte, error) {
		g.drawn.Add(1)
		for n := g.now.Add(1); ; {
			if most := g.most.Load(); n <= most || g.most.CompareAndSwap(most, n) {
				break
			}
		}
		defer g.now.Add(-1)
		if g.hold != nil {
			<-g.hold
		}
		return pixel, nil
	}, nil
}

// A picture is drawn for who has its name, and for nobody else. Its answer can be shown by pages of other
// origins, and HEAD tells its size.
func TestPicture_NeedsItsName(t *testing.T) {
	g := &gallery{}
	s := start(t, func(o *setup) { o.Picture = g.find })
	r := s.do("GET", "/pictures/lamp/stats.png", "")
	if r.status != 200 || r.body != string(pixel) || r.header.Get("Content-Type") != "image/png" || r.header.Get("Cross-Origin-Resource-Policy") != "cross-origin" ||
		r.header.Get("Cache-Control") != "private, max-age=600" || r.header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%d %v", r.status, r.header)
	}
	if r := s.do("HEAD", "/pictures/lamp/stats.png", ""); r.status != 200 || r.body != "" || r.header.Get("Content-Length") != strconv.Itoa(len(pixel)) {
		t.Errorf("HEAD: %d %v", r.status, r.header)
	}
	drawn := g.drawn.Load()
	for _, path := range []string{"/pictures/", "/pictures", "/pictures/lamp", "/pictures/lamp/", "/pictures/lamp/stats.svg", "/pictures//stats.png", "/pictures/other/stats.png", "/pictures/lamp/stats.png/x", "/pictures/a/lamp/stats.png",
		"/pictures/%2e%2e%2flamp/stats.png", "/pictures/" + strings.Repeat("A", 4000) + "/stats.png"} {
		if r := s.do("GET", path, ""); r.status != 404 || r.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%.60s: %d %s", path, r.status, r.body)
		}
	}
	if r := s.do("POST", "/pictures/lamp/stats.png", ""); r.status != 405 {
		t.Errorf("POST: %d", r.status)
	}
	if g.drawn.Load() != drawn {
		t.Error("a picture was drawn for a wrong name")
	}
	if r := start(t).do("GET", "/pictures/lamp/stats.png", ""); r.status != 404 {
		t.Errorf("a server without pictures: %d", r.status)
	}
}

// However many ask, two pictures are drawn at one time, the others wait their turn, and who has no name of one
// waits for nobody.
func TestPicture_TwoAtOnce(t *testing.T) {
	const many = 16
	g := &gallery{hold: make(chan struct{})}
	s := start(t, func(o *setup) { o.Picture = g.find })
	release := sync.OnceFunc(func() { close(g.hold) })
	t.Cleanup(release)
	var all sync.WaitGroup
	var good atomic.Int64
	for range many {
		all.Add(1)
		go func() {
			defer all.Done()
			if s.do("GET", "/pictures/lamp/stats.png", "").status == 200 {
				good.Add(1)
			}
		}()
	}
	s.soon("all have asked", func() bool { return g.asked.Load() == many && g.now.Load() == 2 })
	if r := s.do("GET", "/pictures/other/stats.png", ""); r.status != 404 {
		t.Errorf("a wrong name: %d", r.status)
	}
	release()
	all.Wait()
	if g.most.Load() > 2 || good.Load() != many {
		t.Errorf("%d at one time, %d of %d got it", g.most.Load(), good.Load(), many)
	}
}
