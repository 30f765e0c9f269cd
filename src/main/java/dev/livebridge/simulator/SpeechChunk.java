package dev.livebridge.simulator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What one message carries of an answer.
 *
 * @param pcm 24 kHz
 * @param words the transcript's words that fall into it, with the blanks before them; may be empty
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never changed
record SpeechChunk(byte[] pcm, String words) {

    /** 200 ms, then 240 ms each: the sizes recorded from the service (gemini-live-api.md section 6). */
    private static final int FIRST_BYTES = 9_600;

    private static final int NEXT_BYTES = 11_520;
    private static final int BYTES_PER_MS = Resampler.MODEL_RATE * 2 / 1000;
    private static final Pattern WORD = Pattern.compile("(\\s*)(\\S+)");

    long durationMs() {
        return pcm.length / BYTES_PER_MS;
    }

    /** Cuts an answer into chunks, its words spread over the time they take. */
    static List<SpeechChunk> of(List<Speech> answer) {
        List<TimedWord> words = new ArrayList<>();
        int length = answer.stream().mapToInt(spoken -> spoken.samples().length).sum();
        byte[] pcm = new byte[2 * length];
        int at = 0;
        for (Speech spoken : answer) {
            byte[] bytes = Pcm.bytes(spoken.samples());
            System.arraycopy(bytes, 0, pcm, at, bytes.length);
            addWords(words, spoken.transcript(), at, bytes.length);
            at += bytes.length;
        }
        return cut(pcm, words);
    }

    private record TimedWord(String text, int at) {}

    private static void addWords(List<TimedWord> words, String transcript, int from, int length) {
        if (transcript.isBlank()) {
            return;
        }
        List<MatchResult> parts = WORD.matcher(transcript.strip()).results().toList();
        for (int i = 0; i < parts.size(); i++) {
            // Line breaks of the transcript stay.
            String blanks = i > 0 ? parts.get(i).group(1) : words.isEmpty() ? "" : " ";
            words.add(new TimedWord(blanks + parts.get(i).group(2), from + (int) ((long) length * i / parts.size())));
        }
    }

    private static List<SpeechChunk> cut(byte[] pcm, List<TimedWord> words) {
        List<SpeechChunk> chunks = new ArrayList<>();
        int word = 0;
        for (int from = 0; from < pcm.length || word < words.size(); ) {
            int to = Math.min(from + (from == 0 ? FIRST_BYTES : NEXT_BYTES), pcm.length);
            boolean last = to == pcm.length;
            StringBuilder text = new StringBuilder();
            while (word < words.size() && (last || words.get(word).at() < to)) {
                text.append(words.get(word++).text());
            }
            chunks.add(new SpeechChunk(Arrays.copyOfRange(pcm, from, to), text.toString()));
            from = to;
        }
        return chunks;
    }
}
