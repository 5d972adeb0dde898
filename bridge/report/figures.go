package report

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
	"time"

	"porchlight/bridge"
)

// bucketOf is the bucket of a histogram to which a time of so many milliseconds belongs. Each doubling
// is cut into eight buckets, so the greatest time of a bucket is at most an eighth above the least.
// Each bucket knows the mean of its times: a median is exact if the bucket has one time or equal
// times, and wrong by less than an eighth in any case.
func bucketOf(ms int64) int64 {
	if ms < 8 {
		return max(ms, 0)
	}
	e := bits.Len64(uint64(ms)) - 4
	return int64(e)*8 + ms>>e
}

func msec(n int64) time.Duration { return time.Duration(n) * time.Millisecond }

// Row is what the store adds up for one bucket of a measure.
type Row struct {
	Measure Measure
	Bucket  int64
	Sum
}

// Figures are the statistics of one operator, one department or the site in a range of days.
type Figures struct {
	sums    map[Measure]Sum
	buckets map[Measure][]Row // by bucket
}

// NewFigures makes figures of rows. Several rows may have the same measure and bucket.
func NewFigures(rows []Row) Figures {
	groups := make(map[Measure][]Row)
	for rows := addedUp(slices.Clone(rows)); len(rows) > 0; {
		n := slices.IndexFunc(rows, func(r Row) bool { return r.Measure != rows[0].Measure })
		if n < 0 {
			n = len(rows)
		}
		groups[rows[0].Measure], rows = rows[:n:n], rows[n:]
	}
	f := Figures{make(map[Measure]Sum, len(groups)), make(map[Measure][]Row, len(groups))}
	for m, list := range groups {
		f.put(m, list)
	}
	for m, list := range groups {
		if m.timed() { // the rows of the time in hours are what differs from these
			open := m.InHours()
			both := append(slices.Clone(list), groups[open]...)
			for i := range both {
				both[i].Measure = open
			}
			f.put(open, addedUp(both))
		}
	}
	return f
}

// addedUp sorts rows by measure and bucket, and makes one of those that have both in common.
func addedUp(rows []Row) []Row {
	slices.SortFunc(rows, func(a, b Row) int {
		return cmp.Or(strings.Compare(string(a.Measure), string(b.Measure)), cmp.Compare(a.Bucket, b.Bucket))
	})
	n := 0
	for i, r := range rows {
		if i > 0 && r.Measure == rows[n-1].Measure && r.Bucket == rows[n-1].Bucket {
			rows[n-1].N, rows[n-1].Total = rows[n-1].N+r.N, rows[n-1].Total+r.Total
			continue
		}
		rows[n] = r
		n++
	}
	return rows[:n]
}

// put takes the rows of one measure in, each bucket once.
func (f Figures) put(m Measure, list []Row) {
	var sum Sum
	some := make([]Row, 0, len(list))
	for _, r := range list {
		sum = Sum{sum.N + r.N, sum.Total + r.Total}
		if r.N > 0 {
			some = append(some, r)
		}
	}
	f.sums[m], f.buckets[m] = sum, some
}

// Count is how many there are of a measure.
func (f Figures) Count(m Measure) int64 { return f.sums[m].N }

// Total is the sum of the times of a measure.
func (f Figures) Total(m Measure) time.Duration { return msec(f.sums[m].Total) }

// Votes are the votes by their score.
func (f Figures) Votes() (t bridge.Tally) {
	for _, r := range f.buckets[Votes] {
		if r.Bucket >= 1 && int(r.Bucket) <= len(t) {
			t[r.Bucket-1] = r.N
		}
	}
	return t
}

// Hours are how many waited to be taken, and how long, by the hour of the day at which they began to wait.
func (f Figures) Hours() (list [24]Sum) {
	for _, r := range f.buckets[TakenAt] {
		if r.Bucket >= 0 && int(r.Bucket) < len(list) {
			list[r.Bucket] = r.Sum
		}
	}
	return list
}

// Satisfied is how many of 100 votes are a 4 or a 5; ok is false below five votes.
func (f Figures) Satisfied() (percent int64, ok bool) {
	t := f.Votes()
	n := t.Count()
	if n < 5 {
		return 0, false
	}
	return (200*(t[3]+t[4]) + n) / (2 * n), true
}

// Mean is the mean time of a measure; ok is false if there is none.
func (f Figures) Mean(m Measure) (mean time.Duration, ok bool) {
	s := f.sums[m]
	if s.N <= 0 {
		return 0, false
	}
	return msec(s.Total) / time.Duration(s.N), true
}

// Median is the time of a measure in the middle, as exactly as bucketOf says; ok is false if there is
// none.
func (f Figures) Median(m Measure) (time.Duration, bool) {
	n := f.sums[m].N
	if n <= 0 {
		return 0, false
	}
	return (f.rank(m, (n+1)/2) + f.rank(m, n/2+1)) / 2, true
}

// P90 is the least time of a measure that 90 of 100 times don't exceed (nearest rank), as exactly as
// bucketOf says; ok is false if there is none.
func (f Figures) P90(m Measure) (time.Duration, bool) {
	n := f.sums[m].N
	if n <= 0 {
		return 0, false
	}
	return f.rank(m, (9*n+9)/10), true
}

// rank is the time at a place, from 1, in the order of length.
func (f Figures) rank(m Measure, place int64) time.Duration {
	for _, r := range f.buckets[m] {
		if place -= r.N; place <= 0 {
			return msec(r.Total) / time.Duration(r.N)
		}
	}
	return 0
}
