#!/usr/bin/env bash
# Stops the Slurm that test/slurm/setup.sh started.
set -uo pipefail
for file in /run/slurmd.pid /run/slurmctld.pid /run/munge/munged.pid; do
  if [ -r "$file" ]; then kill "$(cat "$file")"; fi
done
