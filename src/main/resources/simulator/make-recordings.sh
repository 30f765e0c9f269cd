#!/bin/sh
# Makes the recordings named in recordings.json, beside it. Needs espeak-ng, sox and jq.
# IMA ADPCM at 16 kHz, mono: 4 bits per sample. Recordings decodes it and resamples it to 24 kHz.
set -eu
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

jq -r '.recordings[] | [.file, .say // .transcript] | @tsv' recordings.json | while IFS="$(printf '\t')" read -r file text; do
    # A little slower and lower than the default, soft top: less of the metallic edge of formant synthesis.
    espeak-ng -v en-us+Annie -s 158 -p 42 -a 150 -w "$tmp/raw.wav" "$text" </dev/null
    sox -D "$tmp/raw.wav" "$tmp/trimmed.wav" silence 1 0.01 0.4% reverse silence 1 0.01 0.4% reverse
    sox -D "$tmp/trimmed.wav" -e ima-adpcm -r 16000 -c 1 "$file" \
        highpass 80 lowpass 7000 gain -4 bass +2 reverb 8 50 20 remix - pad 0 0.06 gain -n -3
done
