#!/bin/sh
# Makes the recordings named in recordings.json, beside it; with ids as arguments only these. Needs espeak-ng, sox and jq.
# IMA ADPCM at 11 kHz, mono: 4 bits per sample. Recordings decodes it and resamples it to 24 kHz.
set -eu
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

jq -r '.recordings[] | select($ARGS.positional == [] or (.id | IN($ARGS.positional[])))
    | [.file, .voice // "en-us+Annie", .say // .transcript] | @tsv' recordings.json --args "$@" |
    while IFS="$(printf '\t')" read -r file voice text; do
        # A little slower and lower than the default, soft top: less of the metallic edge of formant synthesis.
        espeak-ng -v "$voice" -s 170 -p 42 -a 150 -w "$tmp/raw.wav" "$text" </dev/null
        sox -D "$tmp/raw.wav" "$tmp/trimmed.wav" silence 1 0.01 0.4% reverse silence 1 0.01 0.4% reverse
        sox -D "$tmp/trimmed.wav" -r 11025 -c 1 "$tmp/room.wav" \
            gain -3 highpass 80 lowpass 5200 gain -1 bass +2 reverb 8 50 20 remix - gain -n -3
        sox -D "$tmp/room.wav" -e ima-adpcm "$file" reverse silence 1 0.01 1.5% fade 0.02 reverse pad 0 0.02
    done
