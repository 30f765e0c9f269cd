package dev.livebridge.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.browser.dialect.BadInputException;
import dev.livebridge.browser.dialect.Dialect;
import dev.livebridge.browser.dialect.LiveDialect;
import dev.livebridge.browser.dialect.TutorialDialect;
import dev.livebridge.gemini.wire.TextRoute;
import dev.livebridge.gemini.wire.WireDecoder;
import dev.livebridge.gemini.wire.WireEncoder;
import dev.livebridge.gemini.wire.WireException;
import dev.livebridge.json.Utf8Slice;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.ServerMessage;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Random;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * The cost of one chunk of audio in the codecs, in both directions: decoded from one side's frame, encoded as the other
 * side's. A Jackson tree without any check is the baseline within the same run.
 *
 * <p>Every call is timed by itself, so that the median (the row {@code p0.50}) holds on a machine that does other
 * things as well.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CodecBenchmark {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Raw PCM in one chunk: 100 ms and 1 s of what a microphone delivers. */
    @Param({"3200", "32000"})
    public int bytes;

    private final Dialect tutorial = new TutorialDialect();
    private final Dialect live = new LiveDialect();
    private final Dialect.Encoder tutorialEncoder = tutorial.newEncoder(System.nanoTime());
    private final Dialect.Encoder liveEncoder = live.newEncoder(System.nanoTime());
    private final WireEncoder wireEncoder = new WireEncoder(TextRoute.CLIENT_CONTENT);
    private final WireDecoder wireDecoder = new WireDecoder();

    private String tutorialFrame = "";
    private Utf8Slice tutorialPayload = Utf8Slice.of("");
    private Utf8Slice urlSafePayload = Utf8Slice.of("");
    private byte[] liveFrame = {};
    private String serverFrame = "";
    private Utf8Slice serverPayload = Utf8Slice.of("");

    /** Makes the frames from noise, because silence would favour branch prediction. */
    @Setup
    public void frames() {
        byte[] pcm = new byte[bytes];
        new Random(1).nextBytes(pcm);
        String base64 = Base64.getEncoder().encodeToString(pcm);
        tutorialFrame =
                "{\"realtime_input\":{\"media_chunks\":[{\"mime_type\":\"audio/pcm\",\"data\":\"" + base64 + "\"}]}}";
        tutorialPayload = Utf8Slice.of(tutorialFrame);
        urlSafePayload = Utf8Slice.of("{\"realtime_input\": {\"audio\": {\"data\": \""
                + Base64.getUrlEncoder().encodeToString(pcm) + "\", \"mime_type\": \"audio/pcm;rate=16000\"}}}");
        liveFrame = ByteBuffer.allocate(8 + bytes).put((byte) 1).put(8, pcm).array();
        serverFrame = """
                {
                  "serverContent": {
                    "modelTurn": {
                      "parts": [
                        {
                          "inlineData": {
                            "mimeType": "audio/pcm;rate=24000",
                            "data": "%s"
                          }
                        }
                      ]
                    }
                  }
                }
                """.formatted(base64);
        serverPayload = Utf8Slice.of(serverFrame);
    }

    /** Tutorial's page to upstream. */
    @Benchmark
    public void up(Blackhole hole) {
        for (ClientMessage message : requireNonNull(tutorial.decodeMedia(tutorialPayload))) {
            hole.consume(wireEncoder.media(message));
        }
    }

    /** The same by strings: the payload becomes one, and the frame is one that becomes bytes. */
    @Benchmark
    public void upStrings(Blackhole hole) throws BadInputException {
        for (ClientMessage message : tutorial.decode(tutorialPayload.text())) {
            hole.consume(requireNonNull(wireEncoder.encode(message)).getBytes(UTF_8));
        }
    }

    /** Python SDK's alphabet and spelling to upstream. */
    @Benchmark
    public void upUrlSafe(Blackhole hole) {
        for (ClientMessage message : requireNonNull(tutorial.decodeMedia(urlSafePayload))) {
            hole.consume(wireEncoder.media(message));
        }
    }

    /** Our own client's binary frame to upstream. */
    @Benchmark
    public void upLive(Blackhole hole) throws BadInputException {
        for (ClientMessage message : live.decode(liveFrame)) {
            hole.consume(wireEncoder.media(message));
        }
    }

    /** The baseline of {@link #up}. */
    @Benchmark
    public void upJacksonTree(Blackhole hole) throws JsonProcessingException {
        for (JsonNode chunk :
                MAPPER.readTree(tutorialFrame).path("realtime_input").path("media_chunks")) {
            ObjectNode frame = MAPPER.createObjectNode();
            frame.putObject("realtimeInput")
                    .putObject("audio")
                    .put("mimeType", "audio/pcm;rate=16000")
                    .set("data", chunk.get("data"));
            hole.consume(MAPPER.writeValueAsString(frame));
        }
    }

    /** Upstream to the tutorial's page. */
    @Benchmark
    public void down(Blackhole hole) throws WireException {
        for (ServerMessage message : wireDecoder.decode(serverPayload)) {
            hole.consume(tutorialEncoder.encode(message, 1));
        }
    }

    /** Upstream to our own client, which gets raw bytes. */
    @Benchmark
    public void downLive(Blackhole hole) throws WireException {
        for (ServerMessage message : wireDecoder.decode(serverPayload)) {
            hole.consume(liveEncoder.encode(message, 1));
        }
    }

    /** The baseline of {@link #down}. */
    @Benchmark
    public void downJacksonTree(Blackhole hole) throws JsonProcessingException {
        for (JsonNode part : MAPPER.readTree(serverFrame).at("/serverContent/modelTurn/parts")) {
            ObjectNode frame = MAPPER.createObjectNode();
            frame.set("audio", part.at("/inlineData/data"));
            hole.consume(MAPPER.writeValueAsString(frame));
        }
    }
}
