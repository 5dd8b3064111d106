# Boots the machine whose files are in $1: systemd as the first process of new namespaces, in a control group of its own.
if [ "$(stat -f -c %T /sys/fs/cgroup)" = cgroup2fs ]; then
    groups=/sys/fs/cgroup
    type='-t cgroup2 none'
else
    groups=/sys/fs/cgroup/systemd
    type='-t cgroup -o none,name=systemd none'
fi
mkdir "$groups/slimcol-$$"
echo $$ >"$groups/slimcol-$$/cgroup.procs"

cd "$1"
exec unshare --mount --pid --fork --kill-child --uts --ipc --net --cgroup sh -euc '
    hostname machine
    mount --bind . .
    cd "$PWD"
    mount -t proc proc proc
    mount -t sysfs -o ro sysfs sys
    if [ "$1" = "-t cgroup2 none" ]; then
        mount $1 sys/fs/cgroup
    else
        mount -t tmpfs tmpfs sys/fs/cgroup
        mkdir sys/fs/cgroup/systemd
        mount $1 sys/fs/cgroup/systemd
    fi
    mount -t tmpfs tmpfs run
    mount -t tmpfs tmpfs tmp
    mount -t tmpfs tmpfs dev
    # Nodes of its own: systemd gives them other owners and modes, which would be those of the host if they were shared.
    while read -r node major minor; do
        mknod -m 666 "dev/$node" c "$major" "$minor"
    done <<END
null 1 3
zero 1 5
full 1 7
random 1 8
urandom 1 9
tty 5 0
END
    mkdir dev/mqueue dev/pts dev/shm
    mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
    mount -t tmpfs tmpfs dev/shm
    ln -s pts/ptmx dev/ptmx
    mkdir run/host
    pivot_root . run/host
    umount -l /run/host
    mount --make-rshared /
    exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --system --unit=multi-user.target
' boot "$type"
