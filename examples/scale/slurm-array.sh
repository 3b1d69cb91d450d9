#!/bin/sh
# The audit of a large system on a cluster with Slurm: sixteen tasks audit a shard each, and a job that
# waits for them merges their reports.
#
#   shards=$(sbatch --parsable slurm-array.sh)
#   sbatch --dependency="afterok:$shards" --array=0 slurm-array.sh merge
#
# EXPORTS holds a folder for each client, REPORTS is empty; audit-shard lies in the folder in which
# sbatch is called.
#SBATCH --job-name=mail-policy
#SBATCH --array=0-15
#SBATCH --cpus-per-task=1
#SBATCH --mem=512M
#SBATCH --time=01:00:00
set -eu
exports=${EXPORTS:-/srv/exports} reports=${REPORTS:-reports}
mkdir -p "$reports"
if [ "${1-}" = merge ]; then
    exec policy-lint --merge -o "json:$reports/audit.json" -o "html:$reports/audit.html" "$reports"/[0-9]*.json
fi
SHARD=$SLURM_ARRAY_TASK_ID SHARDS=$SLURM_ARRAY_TASK_COUNT exec sh audit-shard "$exports" "$reports"
