#!/bin/bash
# box.sh DIR SERVER BINARY SOURCE: runs the blocks in DIR on a machine of its own, which
# namespaces and an overlay make of this machine. What differs from a real machine:
#   sudo       is a script, since the blocks run as root already; -u changes the user
#   systemctl  is a script, which starts the unit's program as the unit's user
#   journalctl is a script, which shows the output of these programs
#   make build takes the program that the tests have built
#   names      stand in /etc/hosts, since there is no DNS
#   a CA       of the machine's own signs the certificates that the guide takes for granted
#   /run       has nothing except the servers' folders, since nothing has been started
#   accounts   are there: xavi@example.org, since the guide takes an XMPP server for granted
# After the blocks, box.sh adds the snippets for rosters and sets xmpp.rooms, which the page
# says in words.
set -eu
dir=$1 server=$2 binary=$3 source=$4
mount --make-rprivate /
ip link set lo up
hostname box
mkdir "$dir/disk"
mount -t tmpfs tmpfs "$dir/disk"
mkdir "$dir/disk/up" "$dir/disk/work" "$dir/disk/root"
root=$dir/disk/root
mount -t overlay overlay -o "lowerdir=/,upperdir=$dir/disk/up,workdir=$dir/disk/work" "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/run"
mkdir -p "$root/box" "$root/src/bin" "$root/run/lock"
cp "$binary" "$root/box/porchlight"
cp -r "$source/deploy" "$root/src/"
cp "$dir"/block* "$dir/snippets" "$root/box/"

cat >"$root/box/sudo" <<'X'
#!/bin/bash
if [ "$1" = -u ]; then
	user=$2
	shift 2
	exec runuser -u "$user" -- "$@"
fi
exec "$@"
X
cat >"$root/box/make" <<'X'
#!/bin/bash
[ "$*" = build ] && mkdir -p bin && cp /box/porchlight bin/porchlight
X
cat >"$root/box/journalctl" <<'X'
#!/bin/bash
cat /var/log/porchlight.log
X
cat >"$root/box/systemctl" <<'X'
#!/bin/bash
unit=/etc/systemd/system/porchlight.service
value() { sed -n "s/^$1=//p" $unit; }
stop() {
	[ -e /run/porchlight.pid ] || return 0
	kill "$(cat /run/porchlight.pid)"
	while kill -0 "$(cat /run/porchlight.pid)" 2>/dev/null; do sleep 0.1; done
}
start() {
	(cd /var/lib/porchlight && exec setsid runuser -u "$(value User)" -- $(value ExecStart)) </dev/null >>/var/log/porchlight.log 2>&1 &
	for _ in $(seq 300); do
		if curl -fs http://127.0.0.1:8080/readyz >/dev/null; then
			pgrep -u "$(value User)" -f 'porchlight serve' >/run/porchlight.pid
			return 0
		fi
		sleep 0.1
	done
	echo "porchlight did not get ready" >&2
	cat /var/log/porchlight.log >&2
	return 1
}
case "$*" in
daemon-reload) [ -e $unit ] ;;
"enable --now porchlight") start ;;
"restart porchlight") stop && start ;;
"status porchlight") kill -0 "$(cat /run/porchlight.pid)" ;;
"restart prosody") prosodyctl stop >/dev/null; prosodyctl start && timeout 60 bash -c 'until ss -ltn | grep -q :5347; do sleep 0.1; done' ;;
"restart ejabberd")
	ejabberdctl stop >/dev/null 2>&1 && ejabberdctl stopped
	ejabberdctl start && ejabberdctl started && ejabberdctl register xavi example.org demo || true
	timeout 60 bash -c 'until ss -ltn | grep -q :5347; do sleep 0.1; done' || { cat /var/log/ejabberd/ejabberd.log; exit 1; }
	;;
"reload nginx") nginx -s reload && timeout 60 bash -c 'until ss -ltn | grep -q :443; do sleep 0.1; done' ;; # systemctl returns when nginx listens
*) echo "systemctl $*: not known here" >&2; exit 1 ;;
esac
X
chmod 755 "$root"/box/*

cat >"$root/box/run" <<'X'
#!/bin/bash
export PATH=/box:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
cd /src
echo "127.0.0.1 localhost box example.org support.example.org conference.example.org chat.example.org" >/etc/hosts
(
	mkdir -p /ca && cd /ca
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=box-ca -keyout ca.key -out ca.pem
	for name in support.example.org chat.example.org; do
		openssl req -newkey rsa:2048 -nodes -subj /CN=$name -keyout $name.key -out $name.csr
		openssl x509 -req -days 2 -in $name.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out $name.pem -extfile <(echo "subjectAltName=DNS:$name")
	done
	mkdir -p /etc/letsencrypt/live/support.example.org
	cp support.example.org.pem /etc/letsencrypt/live/support.example.org/fullchain.pem
	cp support.example.org.key /etc/letsencrypt/live/support.example.org/privkey.pem
	cp chat.example.org.pem /etc/ssl/chat.example.org.pem
	cp chat.example.org.key /etc/ssl/chat.example.org.key
	mkdir -p /etc/ssl/certs && cat ca.pem >>/etc/ssl/certs/ca-certificates.crt
	chmod -R a+rX /etc/letsencrypt
	h=$(openssl x509 -hash -noout -in ca.pem) && cp ca.pem /etc/ssl/certs/$h.0
) >/dev/null 2>&1
for name in prosody ejabberd; do # tmpfiles.d makes these folders on a real machine
	install -d -o $name -g $name /run/$name
done
case $1 in
prosody)
	printf 'VirtualHost "example.org"\nComponent "conference.example.org" "muc"\n' >/etc/prosody/conf.d/example.cfg.lua
	prosodyctl register xavi example.org demo >/dev/null 2>&1
	;;
ejabberd)
	sed -i 's/^  - localhost$/  - example.org/; s|^certfiles:|&\n  - /etc/letsencrypt/live/support.example.org/*.pem|' /etc/ejabberd/ejabberd.yml
	;;
esac
nginx
for b in /box/block*; do
	echo "-- ${b##*/}: $(head -1 $b)"
	bash -e -o pipefail $b 2>&1
	printf '\n== %s: %s\n' "${b##*/}" $?
done
case $1 in
prosody) cp /box/snippets /etc/prosody/conf.d/rosters.cfg.lua ;;
ejabberd) cat /box/snippets >>/etc/ejabberd/porchlight.yml ;;
esac
systemctl restart $1 || exit 1
sed -i 's/^secret_file.*/&\nrooms = "conference.example.org"/' /etc/porchlight/porchlight.toml
systemctl restart porchlight
for _ in $(seq 100); do grep -q "in the operators' room" /var/log/porchlight.log && break; sleep 0.1; done
grep "in the operators' room" /var/log/porchlight.log
printf '\n== at last\n'
sudo -u porchlight porchlight check --config /etc/porchlight/porchlight.toml
exit 0
X
chmod 755 "$root/box/run"
chroot "$root" /box/run "$server"
