package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/hours"
	"porchlight/bridge/report"
	"porchlight/db/postgres"
	"porchlight/db/sqlite"
)

// rebuildCommand counts the statistics anew. A porchlight that runs has the database to itself and does
// the same at the desk's stats-rebuild.
func rebuildCommand(ctx context.Context, e *env, args []string) error {
	cfg, _, err := configured(e, "stats-rebuild", args)
	if err != nil {
		return err
	}
	kept := keeperOf(cfg)
	if s, err := kept.peek(ctx); err == nil && !s.Exists {
		return fmt.Errorf("find database: %s: %w", s.Path, fs.ErrNotExist)
	}
	clock, err := clockFrom(e.environ)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(e.stderr, nil))
	store, err := kept.alone(ctx, clock, log)
	if errors.Is(err, sqlite.ErrInUse) || errors.Is(err, postgres.ErrInUse) {
		return fmt.Errorf("%w; or send stats-rebuild to the desk, and the running one counts anew", err)
	}
	if err != nil {
		return err
	}
	tables, err := readCalendars(ctx, store, clock.Now())
	if err == nil {
		counts := report.New(store, report.Options{Clock: clock, Log: log, Missed: func() int64 { return 0 }, Zone: tables.site.Zone, Hours: tables.of})
		err = counts.Recount(ctx, tellProgress(e.stdout))
	}
	if err = errors.Join(err, store.Close()); err == nil {
		fmt.Fprintln(e.stdout, "The statistics were counted anew.")
	}
	return err
}

// tellProgress returns a function that writes how far a recount is, at each tenth of it.
func tellProgress(w io.Writer) func(looked, all int64) {
	told := int64(0)
	return func(looked, all int64) {
		if tenths := 10 * looked / max(all, 1); tenths > told {
			told = tenths
			fmt.Fprintf(w, "%d of %d conversations (%d %%)\n", looked, all, 10*tenths)
		}
	}
}

// calendars are the business hours in the store.
type calendars struct {
	site        hours.Table
	departments map[string]hours.Table
}

// of is the business time of a department, nil if no hours are set.
func (c calendars) of(department string) report.Calendar {
	if table := hours.Applying(c.departments[department], c.site); !table.Empty() {
		return table
	}
	return nil
}

// readCalendars reads the hours of the site and of the departments.
func readCalendars(ctx context.Context, store bridge.Store, now time.Time) (c calendars, err error) {
	err = store.View(ctx, func(r bridge.Reader) error {
		c.departments = make(map[string]hours.Table)
		text, err := r.Setting(bridge.SiteHours)
		if err != nil {
			return err
		}
		if c.site, err = hours.Parse(text, "", now); err != nil {
			return err
		}
		list, err := r.Departments()
		for _, d := range list {
			if c.departments[d.Name], err = hours.Parse(d.Hours, "", now); err != nil {
				return err
			}
		}
		return err
	})
	if err != nil {
		return c, fmt.Errorf("read hours: %w", err)
	}
	return c, nil
}
