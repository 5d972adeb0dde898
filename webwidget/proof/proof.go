// Package proof asks clients for a proof of work before they are served: a nonce with
// which SHA-256(challenge ":" nonce) begins with a number of zero bits. A browser finds one
// within a second or so, while a flood of requests needs many machines. No person has to
// say what a picture shows, and no third party is involved.
//
// A challenge holds everything that the desk has to know about it, signed (HMAC, RFC 2104),
// so the desk keeps nothing about the challenges that it gives out. A challenge is good for
// one client, for two minutes, and for one use. The desk remembers a used challenge until
// its two minutes are over.
package proof

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"math/bits"
	"sync"
	"time"

	"porchlight/webwidget/peer"
)

// Lasts is how long a challenge may be used.
const Lasts = 2 * time.Minute

// Most is how many used challenges a desk remembers. When more are used within Lasts, the
// desk accepts no further ones.
const Most = 1 << 16

// The lengths of the parts of a challenge, in bytes.
const (
	timeBytes   = 8
	randomBytes = 8
	macBytes    = 12
)

// Desk gives out challenges and takes proofs. Any goroutine may call its methods.
type Desk struct {
	key  []byte
	bits int
	now  func() time.Time

	mu   sync.Mutex
	used map[[randomBytes]byte]time.Time // used challenges, and when each ends
}

// New makes a desk that asks for proofs with a number of zero bits. It signs with key, and
// now is its clock.
func New(key []byte, bits int, now func() time.Time) *Desk {
	return &Desk{key: key, bits: bits, now: now, used: make(map[[randomBytes]byte]time.Time)}
}

// Challenge returns a new challenge for a client, and when the challenge ends. The client
// may use it no sooner than from.
func (d *Desk) Challenge(client peer.Net, from time.Time) (challenge string, ends time.Time) {
	b := make([]byte, timeBytes+randomBytes, timeBytes+randomBytes+macBytes)
	binary.BigEndian.PutUint64(b, uint64(from.UnixMilli()))
	rand.Read(b[timeBytes:])
	return base64.RawURLEncoding.EncodeToString(append(b, d.mac(b, client)...)), from.Add(Lasts)
}

func (d *Desk) mac(b []byte, client peer.Net) []byte {
	m := hmac.New(sha256.New, d.key)
	m.Write(b)
	m.Write(binary.BigEndian.AppendUint64(nil, uint64(client)))
	return m.Sum(nil)[:macBytes]
}

// Why says why a challenge is not accepted; "": it is.
type Why string

// The reasons, each as a sentence.
const (
	Unknown Why = "This is no challenge that was given to you."
	Early   Why = "It is too early."
	Late    Why = "The challenge has expired."
	Used    Why = "The challenge was used before."
	TooEasy Why = "The proof has not as many zero bits as are wanted."
	Crowded Why = "Too many proofs came within two minutes."
)

// Take takes a proof of work and returns "" if it is good. Return makes the challenge good
// again.
func (d *Desk) Take(client peer.Net, challenge, nonce string) Why {
	if zeros(sha256.Sum256([]byte(challenge+":"+nonce))) < d.bits {
		return TooEasy
	}
	return d.Wait(client, challenge)
}

// Wait takes a challenge without work, and returns "" if it is good. The price of such a
// challenge was to wait until it could be used.
func (d *Desk) Wait(client peer.Net, challenge string) Why {
	id, from, ok := d.read(client, challenge)
	now := d.now()
	switch {
	case !ok:
		return Unknown
	case now.Before(from):
		return Early
	case !now.Before(from.Add(Lasts)):
		return Late
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, ok := d.used[id]; ok {
		return Used
	}
	if len(d.used) >= Most {
		for id, until := range d.used {
			if !now.Before(until) {
				delete(d.used, id)
			}
		}
		if len(d.used) >= Most {
			return Crowded
		}
	}
	d.used[id] = from.Add(Lasts)
	return ""
}

// Return makes a used challenge good again, because the client got nothing for it.
func (d *Desk) Return(client peer.Net, challenge string) {
	id, _, ok := d.read(client, challenge)
	if !ok {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.used, id)
}

// read returns what a challenge holds. ok is false if it was not given to that client.
func (d *Desk) read(client peer.Net, challenge string) (id [randomBytes]byte, from time.Time, ok bool) {
	b, err := base64.RawURLEncoding.DecodeString(challenge)
	if err != nil || len(b) != timeBytes+randomBytes+macBytes {
		return id, from, false
	}
	content := b[:timeBytes+randomBytes]
	if !hmac.Equal(b[len(content):], d.mac(content, client)) {
		return id, from, false
	}
	copy(id[:], content[timeBytes:])
	return id, time.UnixMilli(int64(binary.BigEndian.Uint64(content))), true
}

// zeros counts the leading zero bits.
func zeros(sum [sha256.Size]byte) int {
	n := 0
	for _, b := range sum {
		n += bits.LeadingZeros8(b)
		if b != 0 {
			break
		}
	}
	return n
}
