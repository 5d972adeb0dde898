package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metric declares a number once: its name, what it says, and how it is read.
type metric struct {
	name, help string
	kind       prometheus.ValueType
	read       func(stats) float64
}

// metrics lists all metrics, in the order in which the docs show them.
func metrics() []metric {
	const counter, gauge = prometheus.CounterValue, prometheus.GaugeValue
	return []metric{
		{"link_up", "1 while the XMPP link is up.", gauge, func(s stats) float64 { return truth(s.Linked) }},
		{"links_total", "XMPP connections made; all but the first are reconnects.", counter, func(s stats) float64 { return float64(s.link.Links) }},
		{"link_conflicts_total", "Signs of another component with our domain.", counter, func(s stats) float64 { return float64(s.link.Conflicts) }},
		{"link_pending_bytes", "Bytes that wait for the XMPP server to take them.", gauge, func(s stats) float64 { return float64(s.link.Pending) }},
		{"events_stored_total", "Events stored since the start.", counter, func(s stats) float64 { return float64(s.Stored) }},
		{"events_sent_total", "Events sent to operators, repetitions included.", counter, func(s stats) float64 { return float64(s.link.Sent) }},
		{"events_retried_total", "Events sent that are older than the link: an earlier link had not proved them, or there was no link.", counter, func(s stats) float64 { return float64(s.link.Retried) }},
		{"events_confirmed_total", "Cursors moved by proof that the server routed what was sent.", counter, func(s stats) float64 { return float64(s.link.Confirmed) }},
		{"events_delivered_total", "Receipts from operators' clients.", counter, func(s stats) float64 { return float64(s.link.Delivered) }},
		{"events_displayed_total", "Displayed markers from operators' clients.", counter, func(s stats) float64 { return float64(s.link.Displayed) }},
		{"events_failed_total", "Messages that came back from operators.", counter, func(s stats) float64 { return float64(s.link.Bounced) }},
		{"strangers_unanswered_total", "Stanzas of senders who are no operators, above what is answered in a minute.", counter, func(s stats) float64 { return float64(s.link.Silent) }},
		{"stanzas_refused_total", "Operators' stanzas refused for limits.commands_per_minute, or because too many waited.", counter, func(s stats) float64 { return float64(s.link.Refused) }},
		{"outbox_depth", "Events that operators have to get and that are not confirmed yet.", gauge, func(s stats) float64 { return float64(s.Outbox) }},
		{"outbox_oldest_seconds", "Age of the oldest event in the outbox.", gauge, func(s stats) float64 { return s.OutboxAge.Seconds() }},
		{"conversations_waiting", "Conversations that nobody has taken, tickets included.", gauge, func(s stats) float64 { return float64(s.Waiting) }},
		{"operators_available", "Operators who get offers now.", gauge, func(s stats) float64 { return float64(s.Available) }},
		{"mail_queued", "Mails that wait to be sent.", gauge, func(s stats) float64 { return float64(s.Mails) }},
		{"mail_oldest_seconds", "Age of the oldest mail that waits to be sent.", gauge, func(s stats) float64 { return s.MailsAge.Seconds() }},
		{"mail_held", "1 while the mail relay is not there or does not let us in, so that all mail waits.", gauge, func(s stats) float64 { return truth(s.mail.Held) }},
		{"mail_sent_total", "Mails that the relay has taken.", counter, func(s stats) float64 { return float64(s.MailsSent) }},
		{"mail_failed_total", "Mails that the relay refused for good, or that could not be sent for 48 h.", counter, func(s stats) float64 { return float64(s.MailsFailed) }},
		{"mail_bounced_total", "Mails that came back after the relay had taken them.", counter, func(s stats) float64 { return float64(s.MailsBounced) }},
		{"mail_withheld_total", "Visitors who were not told by mail that their requests have come, since too many such mails went before.", counter, func(s stats) float64 { return float64(s.MailsWithheld) }},
		{"conversations_erased_total", "Conversations that were deleted for good: their visitors were erased, or they had been kept long enough.", counter, func(s stats) float64 { return float64(s.erased) }},
		{"mailbox_up", "1 while every mailbox is read; 0 also if there is none.", gauge, func(s stats) float64 { return truth(s.mail.Up) }},
		{"mail_received_total", "Mails read from the mailboxes and stored.", counter, func(s stats) float64 { return float64(s.mail.Came) }},
		{"mail_refused_total", "Mails in the mailboxes that could not be read or stored, of which the super operators were told.", counter, func(s stats) float64 { return float64(s.mail.Refused) }},
		{"webhook_posts_taken_total", "Posts that webhooks' receivers have taken.", counter, func(s stats) float64 { return float64(s.hooks.Taken) }},
		{"webhook_posts_failed_total", "Posts that webhooks' receivers did not take.", counter, func(s stats) float64 { return float64(s.hooks.Failed) }},
		{"webhook_posts_given_up_total", "Posts that are not tried any more, after three days.", counter, func(s stats) float64 { return float64(s.hooks.GivenUp) }},
		{"webhook_conversations_waiting", "Conversations in which a post has failed and waits to be tried again, of all webhooks.", gauge, func(s stats) float64 { return float64(s.waits) }},
		{"visits", "Pages of the site that are known now, where the setting on-site is on.", gauge, func(s stats) float64 { return float64(s.onsite.Visits) }},
		{"visits_refused_total", "Pages that were not known for limits.visits or visits_per_address.", counter, func(s stats) float64 { return float64(s.onsite.Refused) }},
		{"invitations_total", "Visitors who were invited, by operators and by rules.", counter, func(s stats) float64 { return float64(s.onsite.Invited) }},
		{"invitations_answered_total", "Invitations after which a conversation began.", counter, func(s stats) float64 { return float64(s.onsite.Answered) }},
		{"invitations_declined_total", "Invitations that visitors closed or refused.", counter, func(s stats) float64 { return float64(s.onsite.Declined) }},
		{"alarms_total", "Alarms raised.", counter, func(s stats) float64 { return float64(s.Alarms) }},
		{"changes_missed_total", "Changes that a part of the program was not told of, because it did not keep up; it reads the log instead.", counter, func(s stats) float64 { return float64(s.Missed) }},
		{"store_commits_total", "Durable commits.", counter, func(s stats) float64 { return float64(s.store.Commits) }},
		{"store_updates_total", "Updates that these commits made durable; divided by store_commits_total: the batch size.", counter, func(s stats) float64 { return float64(s.store.Updates) }},
		{"store_largest_batch", "Most updates in one commit.", gauge, func(s stats) float64 { return float64(s.store.LargestBatch) }},
		{"store_retries_total", "PostgreSQL: runs of updates beyond the first, after deadlocks, lost swaps and lost connections.", counter, func(s stats) float64 { return float64(s.store.Retries) }},
		{"store_connections", "PostgreSQL: open connections.", gauge, func(s stats) float64 { return float64(s.store.Connections) }},
		{"store_connections_busy", "PostgreSQL: connections that are in a transaction.", gauge, func(s stats) float64 { return float64(s.store.Busy) }},
		{"hints_total", "Several nodes: what this node told the others to look at.", counter, func(s stats) float64 { return float64(s.crew.Hints) }},
		{"hints_lost_total", "Several nodes: what it did not tell because the database could not be reached for long; the others find that by themselves.", counter, func(s stats) float64 { return float64(s.crew.Lost) }},
		{"hint_age_seconds", "Several nodes: how old the last of these was when it came back from the database, as it comes to other nodes.", gauge, func(s stats) float64 { return s.crew.Age.Seconds() }},
		{"store_wal_bytes", "SQLite: size of the write-ahead log.", gauge, func(s stats) float64 { return float64(s.store.WALBytes) }},
		{"streams_open", "Event streams and waiting polls of visitors.", gauge, func(s stats) float64 { return float64(s.web.Streams.Used) }},
		{"streams_refused_total", "Event streams refused for limits.streams, streams_per_conversation or streams_per_address.", counter, func(s stats) float64 { return float64(s.web.Streams.Refused) }},
		{"streams_displaced_total", "Event streams that gave way to those of others.", counter, func(s stats) float64 { return float64(s.web.Streams.GaveWay) }},
		{"uploads_open", "Files of visitors on their way.", gauge, func(s stats) float64 { return float64(s.web.Uploads.Used) }},
		{"uploads_refused_total", "Files refused for limits.uploads, uploads_per_conversation or uploads_per_address.", counter, func(s stats) float64 { return float64(s.web.Uploads.Refused) }},
		{"uploads_displaced_total", "Files that gave way to those of others.", counter, func(s stats) float64 { return float64(s.web.Uploads.GaveWay) }},
		{"connections_open", "Visitors' connections that are no parked event streams.", gauge, func(s stats) float64 { return float64(s.web.Connections.Open) }},
		{"connections_refused_total", "Connections closed at once for limits.connections_per_address, or because there were too many.", counter, func(s stats) float64 { return float64(s.web.Connections.Refused) }},
		{"connections_displaced_total", "Connections that gave way to others.", counter, func(s stats) float64 { return float64(s.web.Connections.GaveWay) }},
		{"conversations_refused_total", "New conversations refused for limits.conversations_per_minute_site.", counter, func(s stats) float64 { return float64(s.web.SiteBusy) }},
		{"proofs_wanted_total", "New conversations that were asked for a proof of work, or to wait.", counter, func(s stats) float64 { return float64(s.web.ProofsWanted) }},
		{"requests_limited_total", "Requests refused for a rate per client address or network.", counter, func(s stats) float64 { return float64(s.web.RateLimited) }},
		{"requests_too_slow_total", "Requests whose body came slower than limits.least_rate.", counter, func(s stats) float64 { return float64(s.web.TooSlow) }},
	}
}

// mailboxMetric is the one metric with a label: the mailbox, by its URL without the password.
const mailboxMetric, mailboxHelp = "mailbox_read", "For each mailbox, by the label `mailbox`: 1 while it is read."

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// scraper collects the metrics of a program (prometheus.Collector).
type scraper struct {
	program *program
	metrics []metric
	descs   []*prometheus.Desc
	mailbox *prometheus.Desc
}

func newScraper(p *program) *scraper {
	s := &scraper{program: p, metrics: metrics(), mailbox: prometheus.NewDesc("porchlight_"+mailboxMetric, mailboxHelp, []string{"mailbox"}, nil)}
	for _, m := range s.metrics {
		s.descs = append(s.descs, prometheus.NewDesc("porchlight_"+m.name, m.help, nil, nil))
	}
	return s
}

// Describe sends the description of each metric (prometheus.Collector).
func (s *scraper) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range s.descs {
		ch <- d
	}
	ch <- s.mailbox
}

// scrapeLimit bounds the time in which one scrape reads the store.
const scrapeLimit = 5 * time.Second

// Collect reads and sends each metric. A store that can't be read gives an invalid metric, which
// the scrape reports.
func (s *scraper) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeLimit)
	defer cancel()
	now, err := s.program.stats(ctx)
	if err != nil {
		ch <- prometheus.NewInvalidMetric(s.descs[0], err)
		return
	}
	for i, m := range s.metrics {
		ch <- prometheus.MustNewConstMetric(s.descs[i], m.kind, m.read(now))
	}
	for name, up := range now.mail.Boxes {
		ch <- prometheus.MustNewConstMetric(s.mailbox, prometheus.GaugeValue, truth(up), name)
	}
}

// metricsServer makes the server of the metrics, which have an address of their own and are
// never on the public one. Without an address the metrics are off, and the server is nil.
func metricsServer(p *program, listen string) (*http.Server, net.Listener, error) {
	if listen == "" {
		return nil, nil, nil
	}
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return nil, nil, listenError("web.metrics_listen", err)
	}
	registry := prometheus.NewRegistry()
	if err := errors.Join(registry.Register(newScraper(p)), registry.Register(collectors.NewGoCollector()),
		registry.Register(collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))); err != nil {
		l.Close()
		return nil, nil, fmt.Errorf("register metrics: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	return &http.Server{Handler: mux, ReadTimeout: 5 * time.Second, WriteTimeout: scrapeLimit + 10*time.Second, IdleTimeout: time.Minute}, l, nil
}
