package onsite

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"
)

// mark stands for a browser with its address, which can't be found by it: the key of the hash is made at the start.
type mark [16]byte

// MarshalText writes a mark for the other nodes (encoding.TextMarshaler).
func (k mark) MarshalText() ([]byte, error) {
	return base64.RawStdEncoding.AppendEncode(nil, k[:]), nil
}

// UnmarshalText reads what MarshalText has written (encoding.TextUnmarshaler).
func (k *mark) UnmarshalText(text []byte) error {
	b, err := base64.RawStdEncoding.DecodeString(string(text))
	copy(k[:], b)
	return err
}

// marks remembers which rules have invited which browsers within a day. Its owner guards it.
type marks struct {
	key  [32]byte
	had  map[mark]time.Time
	most int
}

func newMarks(most int) marks {
	m := marks{had: make(map[mark]time.Time), most: most}
	rand.Read(m.key[:])
	return m
}

// of hashes some texts.
func (m *marks) of(parts ...string) (k mark) {
	h := sha256.New()
	h.Write(m.key[:])
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	copy(k[:], h.Sum(nil))
	return k
}

// has reports whether something was marked within a day.
func (m *marks) has(k mark, now time.Time) bool {
	at, ok := m.had[k]
	return ok && now.Sub(at) < markKept
}

// put marks something for a day. When there are too many, those that are over go, and else whatever comes first.
func (m *marks) put(k mark, now time.Time) {
	if len(m.had) >= m.most {
		for old, at := range m.had {
			if now.Sub(at) >= markKept {
				delete(m.had, old)
			}
		}
	}
	for old := range m.had {
		if len(m.had) < m.most {
			break
		}
		delete(m.had, old)
	}
	m.had[k] = now
}

const markKept = 24 * time.Hour
