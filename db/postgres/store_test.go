package postgres_test

import (
	"context"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"

	"porchlight/bridge/storetest"
	"porchlight/db/postgres"
	"porchlight/db/postgres/postgrestest"
)

// storeURL is the environment variable that names the database to the processes that TestStore starts.
const storeURL = "PORCHLIGHT_STORETEST_URL"

func TestMain(m *testing.M) {
	storetest.Child(open(os.Getenv(storeURL)))
	os.Exit(m.Run())
}

func TestStore(t *testing.T) {
	url := postgrestest.New(t)
	t.Setenv(storeURL, url)
	storetest.Run(t, open(url))
}

// open returns what opens the stores of trials that run one after the other: one database, which is emptied for the next place,
// since to make one takes longer than most trials.
func open(url string) storetest.Open {
	last := ""
	return func(ctx context.Context, place string) (storetest.Store, error) {
		if last != "" && last != place {
			if err := empty(ctx, url); err != nil {
				return nil, err
			}
		}
		last = place
		return postgres.Open(ctx, url, postgres.Options{})
	}
}

// empty makes a database one that holds nothing but the schema.
func empty(ctx context.Context, url string) error {
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	_, err = c.Exec(ctx, `DO $$ DECLARE c record; BEGIN
		SET LOCAL session_replication_role = replica; -- no foreign keys
		FOR c IN SELECT oid::regclass AS name, relkind FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relname NOT LIKE 'goose%' LOOP
			IF c.relkind = 'r' THEN EXECUTE 'DELETE FROM ' || c.name;
			ELSIF c.relkind = 'S' THEN EXECUTE 'ALTER SEQUENCE ' || c.name || ' RESTART'; END IF;
		END LOOP;
		INSERT INTO departments (name, title) VALUES ('support', 'Support');
	END $$`)
	return err
}
