package postgres

import (
	"errors"
	"io"
	"net"

	"github.com/jackc/pgx/v5/pgconn"

	"porchlight/bridge"
	"porchlight/db"
)

// kind says what the error of a transaction means for the store.
type kind int

const (
	faulty kind = iota // the statement or its update is wrong, or there is no error
	again              // another transaction was in the way; the next run may succeed
	gone               // nothing can be read or written now; this may pass
	over               // the tenure under which something was to be stored is over
	broken             // the connection broke; what was sent last may have been done all the same
)

// The codes of errors, by which the server says what has happened (https://www.postgresql.org/docs/current/errcodes-appendix.html).
const (
	divisionByZero       = "22012" // see texts.must
	tenureOver           = "2201E" // see underTenure
	uniqueViolation      = "23505" // somebody else has stored the same meanwhile, and the next run finds it
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
	readOnly             = "25006" // a standby
	queryCanceled        = "57014"
	idleInTransaction    = "25P03" // for longer than may be

	// Classes of codes.
	connectionException   = "08"
	insufficientResources = "53"
	operatorIntervention  = "57"
	systemError           = "58"
)

// kindOf judges an error.
func kindOf(err error) kind {
	var said *pgconn.PgError
	if !errors.As(err, &said) {
		return kindOfBreak(err)
	}
	switch said.Code {
	case divisionByZero, uniqueViolation, serializationFailure, deadlockDetected:
		return again
	case readOnly, queryCanceled:
		return gone
	case tenureOver:
		return over
	case idleInTransaction:
		return broken
	}
	switch said.Code[:2] {
	case connectionException, operatorIntervention:
		return broken
	case insufficientResources, systemError:
		return gone
	}
	return faulty
}

// kindOfBreak judges an error that the server did not send.
func kindOfBreak(err error) kind {
	var network net.Error
	if errors.As(err, &network) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) {
		return broken // net.Error is that of the end of a transaction's time, too
	}
	return faulty
}

// told makes the errors of texts.must and underTenure the ones that they stand for.
func told(err error) error {
	var said *pgconn.PgError
	if !errors.As(err, &said) {
		return err
	}
	switch said.Code {
	case divisionByZero:
		return errors.Join(db.Unchanged(), err)
	case tenureOver:
		return errors.Join(bridge.ErrTenureOver, err)
	}
	return err
}
