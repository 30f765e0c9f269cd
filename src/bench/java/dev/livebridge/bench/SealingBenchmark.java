package dev.livebridge.bench;

import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.TranscriptEntry;
import dev.livebridge.message.TranscriptEntry.Role;
import dev.livebridge.message.UsageTotals;
import dev.livebridge.resumption.ResumeRefusedException;
import dev.livebridge.resumption.ResumeToken;
import dev.livebridge.resumption.ResumptionKeys;
import dev.livebridge.resumption.TokenSealer;
import io.quarkus.runtime.LaunchMode;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a resume token costs to seal and to open, by how much was said in the conversation that it holds. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SealingBenchmark {

    /** Lines of the transcript, of about 60 characters each; a session keeps at most 40. */
    @Param({"0", "10", "40"})
    public int lines;

    private final TokenSealer sealer;
    private ResumeToken token;
    private String sealed;

    /** With a key of its own. */
    public SealingBenchmark() {
        byte[] secret = new byte[32];
        new Random(1).nextBytes(secret);
        String key = "k1:" + Base64.getEncoder().encodeToString(secret);
        sealer = new TokenSealer(new ResumptionKeys(List.of(key), LaunchMode.NORMAL));
        token = talk(0);
        sealed = "";
    }

    /** A talk of so many lines, and its token. */
    @Setup
    public void talk() {
        token = talk(lines);
        sealed = seal();
    }

    private static ResumeToken talk(int lines) {
        Random words = new Random(2);
        Instant now = Instant.now();
        return new ResumeToken(
                ResumeToken.Purpose.RESUME,
                "0b0e7a52-5c55-4c11-9a3e-5d1a5a3c8f10",
                7,
                now,
                now.plus(Duration.ofHours(1)),
                now.minus(Duration.ofMinutes(20)),
                "ada",
                "https://talk.example.com:443",
                URI.create("http://10.1.2.3:9000"),
                "CAES" + Long.toHexString(words.nextLong()).repeat(6),
                "gemini-3.8-live",
                new ClientMessage.Setup(
                        "{\"generationConfig\":{\"responseModalities\":[\"AUDIO\"]},\"systemInstruction\":"
                                + "{\"parts\":[{\"text\":\"Speak plainly, and in short sentences.\"}]}}"),
                IntStream.range(0, lines)
                        .mapToObj(i -> new TranscriptEntry(i % 2 == 0 ? Role.USER : Role.MODEL, sentence(words)))
                        .toList(),
                null,
                UsageTotals.NONE);
    }

    private static String sentence(Random words) {
        StringBuilder text = new StringBuilder();
        while (text.length() < 60) {
            text.append(Integer.toString(words.nextInt(2_000), 36)).append(' ');
        }
        return text.toString();
    }

    /** Writes, deflates and encrypts. */
    @Benchmark
    public String seal() {
        return sealer.seal(token).orElseThrow();
    }

    /** Decrypts, checks and reads. */
    @Benchmark
    public ResumeToken open() throws ResumeRefusedException {
        return sealer.open(sealed, ResumeToken.Purpose.RESUME, "ada");
    }
}
