package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"porchlight/bridge/phrase"
)

// texts makes the files of texts out of words.json, which holds groups of keys and gives each key its English format. There
// is one file for each group and language, since each layer fetches only the words that it needs.
func (b *builder) texts() map[string][]byte {
	groups := b.words()
	files := make(map[string][]byte)
	for group, formats := range groups {
		for _, l := range phrase.Languages() {
			files[group+"-"+l.Tag+"-"+version+".json"] = spoken(formats, b.keys, l)
		}
	}
	return files
}

// words reads words.json, and gives its keys short names.
func (b *builder) words() map[string]map[string]string {
	data, err := os.ReadFile(filepath.Join(b.src, "words.json"))
	var groups map[string]map[string]string
	if err == nil {
		err = json.Unmarshal(data, &groups)
	}
	if err != nil {
		b.err = errors.Join(b.err, fmt.Errorf("bundle words.json: %w", err))
		return nil
	}
	b.name(groups)
	return groups
}

// spoken makes the file of a language's texts by key, of which some have short names. To be short, each particular of a text is % there.
func spoken(formats, short map[string]string, l *phrase.Language) []byte {
	texts := make(map[string]string, len(formats))
	for key, format := range formats {
		texts[cmp.Or(short[key], key)] = strings.ReplaceAll(l.Translate(format), "%s", "%")
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(texts); err != nil { // can't happen: texts holds only strings
		panic(err)
	}
	return bytes.TrimSpace(out.Bytes())
}

// tongues lists the tags of the languages, or only of those that are written from right to left, as a string of JavaScript.
func tongues(rtl bool) string {
	var tags []string
	for _, l := range phrase.Languages() {
		if l.RTL || !rtl {
			tags = append(tags, l.Tag)
		}
	}
	return strconv.Quote(strings.Join(tags, " "))
}
