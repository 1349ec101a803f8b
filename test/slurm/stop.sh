#!/usr/bin/env bash
# Stops the Slurm that test/slurm/setup.sh started.
set -uo pipefail
scontrol shutdown
if [ -r /run/munge/munged.pid ]; then kill "$(cat /run/munge/munged.pid)"; fi
