package dev.livebridge.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * Reads and writes JSON of any shape as a tree.
 *
 * <p>Strict: one value and nothing behind it, no member twice, nesting at most {@value #MAX_DEPTH} deep (protobuf's own
 * limit), no {@code NaN}. Numbers keep their digits.
 */
public final class StrictJson {

    private static final int MAX_DEPTH = 100;

    /**
     * Maximum number of tokens in a text from outside. A turn of a history has about ten tokens, a parameter of a
     * function about eight; a tree of this many takes some 10 MB and a few milliseconds.
     */
    static final int MAX_TOKENS = 100_000;

    /**
     * Jackson's own pool keeps 8 KiB of buffers in each thread that ever read JSON; with two virtual threads a session
     * that was a third of the memory of an idle session.
     */
    private static final JsonMapper MAPPER = mapper(Long.MAX_VALUE);

    private static final JsonMapper LIMITED = mapper(MAX_TOKENS);

    private StrictJson() {}

    private static JsonMapper mapper(long maxTokens) {
        return JsonMapper.builder(JsonFactory.builder()
                        .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(MAX_DEPTH)
                                .maxTokenCount(maxTokens)
                                .build())
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .build())
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .build();
    }

    /**
     * Reads a text.
     *
     * @throws MalformedJsonException when it isn't exactly one JSON value
     */
    public static JsonNode read(String text) throws MalformedJsonException {
        return read(MAPPER, text);
    }

    /**
     * Reads a text from outside.
     *
     * @throws MalformedJsonException also when it has more than {@value #MAX_TOKENS} tokens: names, values, brackets
     */
    public static JsonNode readLimited(String text) throws MalformedJsonException {
        return read(LIMITED, text);
    }

    private static JsonNode read(JsonMapper mapper, String text) throws MalformedJsonException {
        JsonNode node;
        try {
            node = mapper.readTree(text);
        } catch (StreamConstraintsException e) {
            throw new MalformedJsonException(
                    "JSON is nested too deeply, holds an overlong number or name, or has too many values");
        } catch (JsonProcessingException e) {
            // The parser's own message quotes the text; only the position is passed on.
            JsonLocation place = e.getLocation();
            throw new MalformedJsonException(
                    place == null
                            ? "not valid JSON"
                            : "not valid JSON at line " + place.getLineNr() + ", column " + place.getColumnNr());
        }
        if (node.isMissingNode()) {
            throw new MalformedJsonException("not valid JSON: nothing there");
        }
        return node;
    }

    /** Writes a tree that was read before, compact. */
    public static String write(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree could not be written", e);
        }
    }
}
