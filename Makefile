# porchlight: make demo to try it, make test to test it.

.PHONY: build release demo test test-busy test-clients test-hosts check check-alone check-raced check-ejabberd test-versions lint types package generate bench faults cluster packages
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK = golang.org/x/vuln/cmd/govulncheck@v1.1.4
# One way to compile for all that is made here: what the program is built from is compiled once, not twice.
export GOFLAGS += -trimpath
# A program with the race detector waits a whole second before it ends, and the tests start hundreds.
export GORACE ?= atexit_sleep_ms=100

build: ## the program, bin/porchlight
	@go build -o bin/porchlight .

release: ## dist/: the program of the last commit, built twice and compared; what it is made of (SBOM); checksums
	@.ci/packages gcc libc6-dev git
	@.ci/release

demo: ## everything on this machine: XMPP server, shop, chat in the terminal
	@.ci/packages gcc libc6-dev prosody $(if $(findstring --nodes,$(ARGS)),postgresql)
	@$(MAKE) --no-print-directory build
	@bin/porchlight demo $(ARGS)

test: packages ## what CI runs
	@$(MAKE) --no-print-directory generate
	@git diff --exit-code || { echo "generated files were out of date: commit the difference above"; exit 1; }
	@$(MAKE) --no-print-directory -j2 lint types
	@$(MAKE) --no-print-directory check

# The race detector makes tests several times as slow. It would find nothing in what runs in one goroutine, and nothing of the program in
# tests that look at it from outside: the end-to-end tests start a program that has it. test-busy runs all with it.
# TestLayout_NothingIsSharedWithoutTheRaceDetector holds them to it.
ALONE = ./e2e ./webwidget/ui ./e2e/faults ./e2e/hosts ./bridge/hours ./email/compose ./email/letter ./webwidget/ui/build
GOTEST = go test -shuffle=on -timeout 20m -p $$(nproc) -parallel $$(($$(nproc) * 2))

# Many tests wait, so there are more at a time than there are cores. The packages that take longest come first, so that none of them runs
# alone at the end.
check: ## the tests, without generating and linting
	@$(MAKE) --no-print-directory -j2 check-alone check-raced

check-alone:
	go test -run TestNobodyWaitsUnseen ./bridge
	$(GOTEST) $(ALONE)

check-raced:
	$(GOTEST) -race ./webwidget ./db/sqlite ./bridge ./component ./demo/xmppd ./email $$({ go list ./...; go list $(ALONE); } | sort | uniq -u)

test-busy: packages ## all tests, ten times in a row, on a machine that is busy with something else
	@.ci/busy $(RUNS)

check-ejabberd: packages ## the end-to-end tests, on ejabberd
	E2E_SERVER=ejabberd go test -race -shuffle=on -count=1 ./e2e

test-versions: packages ## the tests of a cluster, and the end-to-end tests of the version OLD, with every other node of the version OLD
	@.ci/versions $(OLD)

test-clients: ## a story in Gajim, Dino, Profanity and Converse; takes the pictures of docs/operators.md; needs root
	@.ci/packages gcc libc6-dev prosody iproute2 xvfb openbox dbus-daemon xdotool imagemagick xterm fonts-dejavu-core \
		fonts-noto-color-emoji gajim dino-im profanity chromium npm tmux
	@go run ./e2e/clients $(ARGS)

test-hosts: packages ## operators on another server, whose cable is cut for up to ten minutes; needs root
	go test -count=1 -timeout 30m ./e2e/hosts -args -long $(ARGS)

packages:
	@.ci/packages

generate: ## the widget's bundle, and the documents that are rendered from code
	@go run ./webwidget/ui/build
	@go test -count=1 ./bridge ./webwidget . -run 'Docs$$' -update >/dev/null

types: ## the types of the widget's sources and of its package
	@.ci/types

package: ## dist/porchlight-widget-*.tgz, the widget's package for npm; nobody publishes it
	@.ci/packages npm
	@mkdir -p dist && cd webwidget/npm && npm pack --silent --offline --pack-destination ../../dist

lint:
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo "the files above want gofmt"; exit 1; }
	go vet ./...
	go run $(STATICCHECK) ./...
	@out=$$(mktemp); if go run $(GOVULNCHECK) ./... >$$out 2>&1; then echo "govulncheck: nothing found"; \
	elif grep -q 'fetching vulnerabilities' $$out; then echo "govulncheck SKIPPED: its database can't be reached"; \
	else cat $$out; exit 1; fi; rm -f $$out

faults: packages ## breaks porchlight on purpose, at length: kills, stalls, power cuts, full disk
	@go run ./e2e/faults $(ARGS)

cluster: packages ## the same with several nodes on one PostgreSQL: with two, and with three
	@go run ./e2e/faults -nodes 2 $(ARGS)
	@go run ./e2e/faults -nodes 3 $(ARGS)

bench: packages ## figures for docs/performance.md
	@go run ./e2e/bench
