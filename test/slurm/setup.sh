#!/usr/bin/env bash
# A real single-node Slurm on this Debian machine, for the launcher's test: installs slurm-wlm and munge, writes a
# configuration for one node (this one), and starts the daemons. Needs root. A Slurm that answers already is left alone.
set -euo pipefail

if sinfo -h >/dev/null 2>&1; then
  echo "slurm: a cluster answers already"
  exit 0
fi
if [ "$(id -u)" != 0 ]; then
  echo "slurm: run this as root, or point sbatch at a cluster" >&2
  exit 1
fi
if ! command -v slurmctld >/dev/null; then
  (apt-get update -q && apt-get install -y -q --no-install-recommends slurm-wlm munge) >/dev/null
fi

mark="# written by medchaos test/slurm/setup.sh"
conf=/etc/slurm/slurm.conf
if [ -e "$conf" ] && ! grep -qF "$mark" "$conf"; then
  echo "slurm: $conf is not ours; start that cluster yourself" >&2
  exit 1
fi
node=$(hostname -s)
mkdir -p /etc/slurm /var/lib/slurm/ctld /var/lib/slurm/d /var/log/slurm /run/munge
# Containers without cgroups of their own: linuxproc follows processes by their parents.
cat >"$conf" <<CONF
$mark
ClusterName=medchaos
SlurmctldHost=$node
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=sched_interval=2
StateSaveLocation=/var/lib/slurm/ctld
SlurmdSpoolDir=/var/lib/slurm/d
SlurmctldPidFile=/run/slurmctld.pid
SlurmdPidFile=/run/slurmd.pid
SlurmctldLogFile=/var/log/slurm/slurmctld.log
SlurmdLogFile=/var/log/slurm/slurmd.log
ReturnToService=2
SlurmdTimeout=10
MpiDefault=none
KillWait=2
NodeName=$node CPUs=$(nproc) State=UNKNOWN
PartitionName=main Nodes=$node Default=YES MaxTime=INFINITE State=UP
CONF

if ! pgrep -x munged >/dev/null; then
  chown munge:munge /run/munge /etc/munge/munge.key
  su -s /bin/sh munge -c /usr/sbin/munged
fi
pgrep -x slurmctld >/dev/null || slurmctld
pgrep -x slurmd >/dev/null || slurmd
for _ in $(seq 30); do
  if sinfo -h -o %T 2>/dev/null | grep -qE 'idle|mixed|allocated'; then
    echo "slurm: $(sinfo --version) on $node is up"
    exit 0
  fi
  sleep 1
done
echo "slurm: the node did not come up; see /var/log/slurm" >&2
exit 1
