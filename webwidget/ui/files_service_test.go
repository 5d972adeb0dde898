package ui_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
)

// allowFiles makes the service take files of up to most bytes.
func (f *fake) allowFiles(most int) {
	f.update(func() {
		f.only().snapshot["files"] = object{"max_bytes": most, "types": []string{"image/png", "application/pdf"}}
	})
}

// holdFiles makes uploads stand still until release is called.
func (f *fake) holdFiles() (release func()) {
	stall := make(chan struct{})
	f.update(func() { f.stall = stall })
	return func() {
		f.update(func() { f.stall = nil })
		close(stall)
	}
}

func (f *fake) waitForStall() {
	var stall chan struct{}
	f.look(func() { stall = f.stall })
	if stall != nil {
		<-stall
	}
}

// keep answers POST …/files.
func (f *fake) keep(w http.ResponseWriter, _ *http.Request, c *conversation, body object) {
	file, whole := body["file"].(object)
	if !whole { // the visitor has cancelled the file on its way
		return
	}
	id := body["client_id"].(string)
	status := http.StatusOK
	if _, ok := f.clients[id]; !ok {
		status = http.StatusCreated
		key := fmt.Sprint("f", len(c.events))
		file["id"], file["url"] = key, "/v1/conversations/"+c.id+"/files/"+key+"?sign=abc"
		seq := c.append(object{"type": "file", "from": "visitor", "name": "Anna", "client_id": id, "file": file})
		f.clients[id] = c.events[seq-1]
	}
	answer(w, status, f.clients[id])
}

// send emits an operator's file.
func (f *fake) send(file object) int {
	return f.emit(object{"type": "file", "from": "operator", "name": "Olga", "file": file})
}

// picture answers GET …/files/{file} with an image.
func picture(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("file") == "broken" {
		http.NotFound(w, r)
		return
	}
	drawn := image.NewRGBA(image.Rect(0, 0, 640, 400))
	for x := range 640 {
		for y := range 400 {
			drawn.Set(x, y, color.RGBA{uint8(40 + x/8), uint8(60 + y/4), 150, 255})
		}
	}
	var b bytes.Buffer
	_ = png.Encode(&b, drawn) // writing to a buffer can't fail
	w.Header().Set("Content-Type", "image/png")
	_, _ = w.Write(b.Bytes())
}
