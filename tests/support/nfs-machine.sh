#!/usr/bin/env bash
# nfs-machine.sh COMMAND [ARG...]: run COMMAND on a machine of its own that has the Linux kernel's NFS server and two NFS clients.
#
# The machine is a User Mode Linux process (Debian: user-mode-linux, nfs-kernel-server, nfs-common, rpcbind, kmod, e2fsprogs, iproute2). It sees the
# files of this one and keeps what it writes to itself. COMMAND finds
#   $NFS_LOCAL           the server's folder; $NFS_A and $NFS_B: the same folder as two clients mount it, each with a network and a cache of its own
#   nfs-on A|B WORD...   on PATH: run a command as that client; 10.99.0.1 is the server for both
# NFS_VERSION (4.2) and NFS_OPTIONS (nolock, local_lock=all) choose the mount. Exit status: COMMAND's; 124 time-out, 125 no machine.
set -eu
PATH=$PATH:/usr/sbin:/sbin
[ "${1:-}" != --check ] || {
  [ "$(id -u)" = 0 ] || { echo 'it needs the superuser'; exit 1; }
  for tool in linux.uml exportfs mount.nfs rpcbind insmod mkfs.ext4 ip nsenter; do command -v $tool >/dev/null || { echo "there is no $tool"; exit 1; }; done
  exit 0
}
work=$(mktemp -d "${TMPDIR:-/tmp}/shoal-nfs.XXXXXX"); guest=
trap '[ -z "$guest" ] || kill "$guest" 2>/dev/null || true; rm -rf "$work"' EXIT; trap 'exit 130' INT TERM HUP
mkdir "$work/uml"; printf '%s\0' "$@" > "$work/words"; env -0 > "$work/variables"; : > "$work/out"
for disk in export root; do truncate -s 4G "$work/$disk"; mkfs.ext4 -q -F -O ^has_journal -E lazy_itable_init=1 "$work/$disk"; done

{ printf '#!/bin/bash\nwork=%q version=%q options=%q folder=%q\n' "$work" "${NFS_VERSION:-4.2}" "${NFS_OPTIONS:-}" "$PWD"; cat <<'GUEST'; } > "$work/init"
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
finish() { echo "$1" > "${status:-/mnt/work/status}"; sync; halt -f -n --no-wtmp >/dev/null 2>&1; echo o > /proc/sysrq-trigger; sleep 60; }
must() { "$@" || { echo "failed: $*"; finish 125; }; }
# The root: this machine's files below, a disk above them that takes what is written.
mount -t proc proc /proc; mount -t tmpfs tmpfs /mnt; mkdir /mnt/work /mnt/disk /mnt/new
must mount -t hostfs -o "$work" none /mnt/work
[ -e /dev/ubdb ] || mount -t devtmpfs dev /dev
must mount -t ext4 /dev/ubdb /mnt/disk; mkdir /mnt/disk/upper /mnt/disk/work
modules=/usr/lib/uml/modules/$(uname -r)
must insmod "$modules/kernel/fs/overlayfs/overlay.ko"
must mount -t overlay -o lowerdir=/,upperdir=/mnt/disk/upper,workdir=/mnt/disk/work overlay /mnt/new
cd /mnt/new; mkdir -p lib/modules proc sys dev run mnt; ln -sfn "$modules" "lib/modules/$(uname -r)"
mount -t proc proc proc; mount -t sysfs sys sys; mount -t devtmpfs dev dev; mkdir -p dev/pts dev/shm; mount -t devpts devpts dev/pts; mount -t tmpfs shm dev/shm
for number in 0:stdin 1:stdout 2:stderr; do [ -e "dev/${number#*:}" ] || ln -s "/proc/self/fd/${number%:*}" "dev/${number#*:}"; done; [ -e dev/fd ] || ln -s /proc/self/fd dev/fd
mount -t tmpfs tmpfs run; mount -t tmpfs tmpfs mnt; mkdir mnt/work mnt/old mnt/server mnt/bin mnt/clients; mount --bind /mnt/work mnt/work
must pivot_root . mnt/old; cd /; status=/mnt/work/status
# The server.
must mount -t ext4 /dev/ubda /mnt/server; rmdir /mnt/server/lost+found; chmod 1777 /mnt/server
registry() { mount -t tmpfs tmpfs /run; mount -t tmpfs tmpfs /var/lib/nfs; mkdir -p /var/lib/nfs/{rpc_pipefs,sm,sm.bak,v4recovery} /run/rpcbind /run/sendsigs.omit.d; touch /var/lib/nfs/{etab,rmtab,state}; chown -R statd /var/lib/nfs 2>/dev/null; }
mkdir -p /var/lib/nfs; registry; hostname server; ip link set lo up; ip addr add 10.99.0.1/32 dev lo
modprobe lockd nlm_grace_period=3; for module in nfsd nfs nfsv3 nfsv4 veth; do must modprobe $module; done
must mount -t nfsd nfsd /proc/fs/nfsd; rpcbind -w; rpc.statd --no-notify
echo 10 > /proc/fs/nfsd/nfsv4leasetime; echo 10 > /proc/fs/nfsd/nfsv4gracetime
must exportfs -o rw,no_root_squash,no_subtree_check,insecure,fsid=0 '*:/mnt/server'; rpc.mountd; must rpc.nfsd 8; echo Y > /proc/fs/nfsd/v4_end_grace
# The clients, each in namespaces of its own.
mount -t tmpfs tmpfs /mnt/clients; mkdir /mnt/clients/a /mnt/clients/b; mount --make-shared /mnt/clients
case $version in 3) path=/mnt/server ;; *) path=/ ;; esac
export -f registry; number=0
for client in a b; do
  number=$((number + 1)); net=10.99.$number
  ip netns add $client; ip link add cable-$client type veth peer name eth0 netns $client
  ip addr add $net.1/24 dev cable-$client; ip link set cable-$client up
  ip -n $client link set lo up; ip -n $client addr add $net.2/24 dev eth0; ip -n $client link set eth0 up; ip -n $client route add 10.99.0.1 via $net.1
  printf '%s.2 client-%s\n' $net $client >> /etc/hosts
  must nsenter --net=/run/netns/$client unshare --mount --uts --propagation unchanged bash -c '
    hostname client-$1; registry; case $3 in 3) rpcbind -w; rpc.statd --no-notify ;; esac
    mount -t nfs -o "vers=$3,proto=tcp,nosharecache,retry=0${5:+,$5}" "$2.1:$4" "/mnt/clients/$1"; answer=$?
    sleep infinity & echo $! > /mnt/clients/$1.pid; exit $answer' - $client $net "$version" $path "$options"
done
printf '#!/bin/bash\nclient=${1,,}; shift; exec nsenter --net --uts --target "$(cat /mnt/clients/$client.pid)" -- "$@"\n' > /mnt/bin/nfs-on; chmod +x /mnt/bin/nfs-on
# The command.
while IFS= read -r -d '' variable; do case $variable in PWD=*|OLDPWD=*|SHLVL=*|_=*|BASH_FUNC_*) ;; *) export "$variable" ;; esac; done < /mnt/work/variables
export NFS_A=/mnt/clients/a NFS_B=/mnt/clients/b NFS_LOCAL=/mnt/server PATH=/mnt/bin:$PATH; export -n registry
mapfile -d '' -t words < /mnt/work/words; cd "$folder" || cd /
( exec </dev/null >>/mnt/work/out 2>&1; exec "${words[@]}" ); finish $?
GUEST
chmod +x "$work/init"
timeout -k 5 "${NFS_TIMEOUT:-600}" linux.uml mem=2048M uml_dir="$work/uml" umid=shoal ubda="$work/export" ubdb="$work/root" \
  root=/dev/root rootfstype=hostfs rootflags=/ ro init="$work/init" con=null con0=null,fd:1 quiet </dev/null > "$work/console" 2>&1 & guest=$!
wait $guest || true; guest=
cat "$work/out"
[ -s "$work/status" ] || { tail -15 "$work/console" >&2; exit 124; }
status=$(cat "$work/status"); [ "$status" != 125 ] || tail -15 "$work/console" >&2
exit "$status"
