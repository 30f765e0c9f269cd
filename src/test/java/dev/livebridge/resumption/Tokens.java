package dev.livebridge.resumption;

import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.TranscriptEntry;
import dev.livebridge.message.UsageTotals;
import io.quarkus.runtime.LaunchMode;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Tokens and keys for tests. */
final class Tokens {

    static final Instant NOW = Instant.parse("2026-11-25T12:00:00.123Z");

    private Tokens() {}

    static ResumeToken token(@Nullable String subject, String setup, List<TranscriptEntry> transcript) {
        return new ResumeToken(
                ResumeToken.Purpose.RESUME,
                "0b0e7a52-5c55-4c11-9a3e-5d1a5a3c8f10",
                7,
                NOW,
                NOW.plus(Duration.ofMinutes(5)),
                NOW.minus(Duration.ofMinutes(20)),
                subject,
                "https://talk.example.com:443",
                URI.create("http://10.1.2.3:9000"),
                "handle-7",
                "gemini-3.8-live",
                new ClientMessage.Setup(setup),
                transcript,
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                new UsageTotals(61_000, 900, 12_345));
    }

    static ResumeToken token() {
        return token(
                null,
                "{}",
                List.of(
                        new TranscriptEntry(TranscriptEntry.Role.USER, "My name is Ada."),
                        new TranscriptEntry(TranscriptEntry.Role.MODEL, "Hello Ada!")));
    }

    /** Transcript entries of a conversation. */
    static List<TranscriptEntry> talk(int lines) {
        return IntStream.range(0, lines)
                .mapToObj(i -> new TranscriptEntry(
                        i % 2 == 1 ? TranscriptEntry.Role.MODEL : TranscriptEntry.Role.USER,
                        "This is sentence number " + i + ", and it says little: \u00e4\u6f22\ud83d\ude00."))
                .toList();
    }

    /** 32 equal bytes. */
    static String key(int fill) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) fill);
        return Base64.getEncoder().encodeToString(bytes);
    }

    static ResumptionKeys keys(String... configured) {
        return new ResumptionKeys(List.of(configured), LaunchMode.NORMAL);
    }
}
