#!/usr/bin/env bash
# Speed of training on this machine's CPU: images and steps per second of the presets, each as the median of its reports.
# benches/run.sh PROGRAM; MNIST is measured where $SPARRING_DATA/mnist holds it.
set -euo pipefail
program=${1:-target/release/sparring}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

measure() { # measure PRESET BATCH KIMG [FLAG…]
  local preset=$1 batch=$2 kimg=$3
  shift 3
  "$program" train "$preset" --device cpu --kimg "$kimg" --out "$folder/$preset" "$@" >/dev/null 2>&1
  sed -n 's/.*"images_per_sec":\([0-9.]*\).*/\1/p' "$folder/$preset/stats.jsonl" | sort -n | awk -v preset="$preset" -v batch="$batch" '
    { rate[NR] = $1 } END { m = rate[int((NR + 1) / 2)]; printf "%-8s %10.0f images/s %8.1f steps/s (batch %d, median of %d reports)\n", preset, m, m / batch, batch, NR }'
}

uname -srm
measure ring8 256 512
measure grid25 256 512
if [ -d "${SPARRING_DATA:-}/mnist" ]; then
  measure mnist 32 2 --data "$SPARRING_DATA/mnist"
else
  echo "mnist    not measured: set SPARRING_DATA to the folder that holds mnist/"
fi
