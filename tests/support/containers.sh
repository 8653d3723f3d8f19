#!/usr/bin/env bash
# containers.sh check                                       say why there can be no containers here, or nothing
# containers.sh up                                          start a dockerd of its own below $CONTAINERS, and make the image
# containers.sh run COUNT [DOCKER OPTION...] -- WORD...     COUNT containers at once; WORD is process 1 in each, on host box1..boxCOUNT; "{I}" in options
#                                                           and $I in the container are its number. Prints "[I] " and a line, and "[I] exit CODE".
# containers.sh down                                        stop the dockerd, and every container in it
#
# Nothing is downloaded: the image is empty folders, and this machine's /usr, /etc and so on are mounted into it, read-only. The network is the host's.
set -eu
state=${CONTAINERS:?the folder that dockerd may fill}; image=shoal-test; export DOCKER_HOST=unix://$state/docker.sock
answers() { [ -S "$state/docker.sock" ] && timeout 20 docker info >/dev/null 2>&1; }
check() {
  [ "$(id -u)" = 0 ] || { echo 'it needs the superuser'; return; }
  for tool in docker dockerd containerd runc; do command -v $tool >/dev/null || { echo "there is no $tool"; return; }; done
}
controllers() { # dockerd wants them mounted; a machine without an init system may have none
  [ ! -e /sys/fs/cgroup/cgroup.controllers ] || return 0
  mountpoint -q /sys/fs/cgroup || mount -t tmpfs cgroup /sys/fs/cgroup
  for name in $(awk '!/^#/ && $4 == 1 {print $1}' /proc/cgroups); do
    ! grep -qE "^[^ ]+ [^ ]+ cgroup [^ ]*\b$name\b" /proc/mounts || continue
    mkdir -p "/sys/fs/cgroup/$name"; mount -t cgroup -o "$name" cgroup "/sys/fs/cgroup/$name" 2>/dev/null || rmdir "/sys/fs/cgroup/$name" 2>/dev/null || true
  done
}
up() {
  mkdir -p "$state"; controllers
  setsid dockerd --iptables=false --ip6tables=false --bridge=none -H "$DOCKER_HOST" --data-root "$state/data" --exec-root "$state/exec" \
    --pidfile "$state/dockerd.pid" > "$state/dockerd.log" 2>&1 < /dev/null &
  for _ in $(seq 240); do answers && break; sleep 0.25; done
  answers || { tail -5 "$state/dockerd.log" >&2; exit 3; }
  root=$(mktemp -d); mkdir -p "$root"/{usr,etc,opt,root,tmp,run,proc,sys,dev,var/tmp,mnt,home}; chmod 1777 "$root/tmp"
  for name in bin sbin lib lib64 lib32; do if [ -L /$name ]; then ln -s "$(readlink /$name)" "$root/$name"; elif [ -d /$name ]; then mkdir "$root/$name"; fi; done
  tar -C "$root" -c . | docker import - $image >/dev/null; rm -rf "$root"
}
run() {
  count=$1; shift; options=(); while [ "$1" != -- ]; do options+=("$1"); shift; done; shift
  for name in /usr /etc /opt /bin /sbin /lib /lib64 /lib32; do [ -L $name ] || [ ! -d $name ] || options+=(-v "$name:$name:ro"); done
  for I in $(seq "$count"); do
    { set +e; docker run --rm --network host --hostname "box$I" --tmpfs /tmp:exec,mode=1777 -e I="$I" -e PATH="$PATH" -e HOME=/tmp/home "${options[@]//\{I\}/$I}" -w / $image "$@" 2>&1 </dev/null |
      sed -u "s/^/[$I] /"; echo "[$I] exit ${PIPESTATUS[0]}"; } &
  done
  wait
}
down() {
  [ -s "$state/dockerd.pid" ] || return 0
  pid=$(cat "$state/dockerd.pid"); docker ps -q | xargs -r docker rm -f >/dev/null
  kill "$pid"; for _ in $(seq 120); do [ -d "/proc/$pid" ] || break; sleep 0.25; done
  umount "$state"/exec/netns/* 2>/dev/null || true
}
case "${1:-}" in check | up | down) "$1" ;; run) shift; run "$@" ;; *) sed -n '2,9p' "$0"; exit 2 ;; esac
