package dev.livebridge.resumption;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.livebridge.json.JsonText;
import dev.livebridge.json.MalformedJsonException;
import dev.livebridge.json.StrictJson;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.TranscriptEntry;
import dev.livebridge.message.UsageTotals;
import dev.livebridge.resumption.ResumeRefusedException.Reason;
import dev.livebridge.resumption.ResumeToken.Purpose;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A token's content as JSON. The names are short, because the client receives a token after every turn. */
final class TokenContent {

    /** Maximum size of the content. */
    static final int MAX_BYTES = 48 * 1024;

    /** Maximum size of the transcript: about a quarter of an hour of speech. */
    private static final int MAX_TRANSCRIPT_BYTES = 16 * 1024;

    private TokenContent() {}

    /**
     * Writes a token, with as many of the newest transcript entries as fit.
     *
     * @return empty if the setup alone is too large
     */
    static Optional<byte[]> write(ResumeToken token) {
        JsonText json = JsonText.object()
                .put("for", token.purpose().label())
                .put("id", token.sessionId())
                .put("n", token.sequence())
                .put("iat", token.issuedAt().toEpochMilli())
                .put("exp", token.expiresAt().toEpochMilli())
                .put("begin", token.startedAt().toEpochMilli());
        if (token.subject() != null) {
            json.put("sub", token.subject());
        }
        if (token.origin() != null) {
            json.put("origin", token.origin());
        }
        if (token.issuer() != null) {
            json.put("at", token.issuer().toString());
        }
        if (token.handle() != null) {
            json.put("handle", token.handle());
        }
        if (token.traceparent() != null) {
            json.put("trace", token.traceparent());
        }
        if (token.setup().agent() != null) {
            json.putJson("agent", AgentContent.write(token.setup().agent()));
        }
        UsageTotals spent = token.spent();
        if (!spent.equals(UsageTotals.NONE)) {
            json.put("ms", spent.millis()).put("tokens", spent.tokens()).put("musd", spent.microUsd());
        }
        String head = json.put("model", token.model())
                .put("setup", token.setup().json())
                .end();
        int room = MAX_BYTES - head.getBytes(UTF_8).length - ",\"said\":[]".length();
        if (room < 0) {
            return Optional.empty();
        }
        String entries = tail(token.transcript(), Math.min(room, MAX_TRANSCRIPT_BYTES));
        return Optional.of((head.substring(0, head.length() - 1) + ",\"said\":[" + entries + "]}").getBytes(UTF_8));
    }

    /** The newest entries that fit, as elements {@code [role, text]} of a JSON list, without its brackets. */
    private static String tail(List<TranscriptEntry> entries, int room) {
        List<String> fitting = new ArrayList<>();
        int used = 0;
        for (TranscriptEntry entry : entries.reversed()) {
            String written = "[" + JsonText.quoted(entry.role().label()) + "," + JsonText.quoted(entry.text()) + "]";
            used += written.getBytes(UTF_8).length + 1;
            if (used > room) {
                break;
            }
            fitting.add(written);
        }
        return String.join(",", fitting.reversed());
    }

    /**
     * Reads content that {@link #write} has written. The content was sealed, so only another version can cause a fault.
     *
     * @throws ResumeRefusedException if it is not such content
     */
    static ResumeToken read(byte[] content) throws ResumeRefusedException {
        try {
            return read(StrictJson.read(new String(content, UTF_8)));
        } catch (MalformedJsonException | URISyntaxException e) {
            throw new ResumeRefusedException(Reason.MALFORMED);
        }
    }

    private static ResumeToken read(JsonNode json) throws ResumeRefusedException, URISyntaxException {
        List<TranscriptEntry> transcript = new ArrayList<>();
        for (JsonNode entry : json.path("said")) {
            boolean model = entry.path(0).asText().equals(TranscriptEntry.Role.MODEL.label());
            transcript.add(new TranscriptEntry(
                    model ? TranscriptEntry.Role.MODEL : TranscriptEntry.Role.USER,
                    entry.path(1).asText()));
        }
        String issuer = text(json, "at");
        return new ResumeToken(
                purpose(json),
                required(json, "id"),
                json.path("n").asLong(),
                time(json, "iat"),
                time(json, "exp"),
                time(json, "begin"),
                text(json, "sub"),
                text(json, "origin"),
                issuer == null ? null : new URI(issuer),
                text(json, "handle"),
                required(json, "model"),
                new ClientMessage.Setup(required(json, "setup"), null, AgentContent.read(json.path("agent"))),
                transcript,
                text(json, "trace"),
                new UsageTotals(
                        json.path("ms").asLong(),
                        json.path("tokens").asLong(),
                        json.path("musd").asLong()));
    }

    /** The purpose; {@link Purpose#RESUME} if absent, because older versions had no other purpose. */
    private static Purpose purpose(JsonNode json) throws ResumeRefusedException {
        String label = text(json, "for");
        if (label == null) {
            return Purpose.RESUME;
        }
        for (Purpose purpose : Purpose.values()) {
            if (purpose.label().equals(label)) {
                return purpose;
            }
        }
        throw new ResumeRefusedException(Reason.MALFORMED);
    }

    private static Instant time(JsonNode json, String name) {
        return Instant.ofEpochMilli(json.path(name).asLong());
    }

    private static @Nullable String text(JsonNode json, String name) {
        JsonNode value = json.get(name);
        return value == null ? null : value.textValue();
    }

    private static String required(JsonNode json, String name) throws ResumeRefusedException {
        String text = text(json, name);
        if (text == null) {
            throw new ResumeRefusedException(Reason.MALFORMED);
        }
        return text;
    }
}
