package dev.livebridge.browser;

import com.fasterxml.jackson.databind.JsonNode;
import dev.livebridge.browser.dialect.BadInputException;
import dev.livebridge.browser.dialect.FieldMask;
import dev.livebridge.browser.dialect.LockedSetup;
import dev.livebridge.json.FieldNames;
import dev.livebridge.json.MalformedJsonException;
import dev.livebridge.json.StrictJson;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST auth_tokens} (gemini-live-api.md section 2.3), read as strictly as Google does.
 *
 * @param expiresAt time at which the token's conversations end; {@code null} when the request names none
 * @param startsUntil time from which the token begins no conversation
 * @param uses conversations that the token may begin; 0 is no limit
 * @param setup the locked setup in canonical spelling; {@code null} when nothing is locked
 * @param mask paths of the locked members; empty when the whole setup is locked
 */
record AuthTokenRequest(
        @Nullable Instant expiresAt,
        Instant startsUntil,
        int uses,
        @Nullable String setup,
        List<String> mask) {

    /** Time in which a token begins conversations, if the request names none. */
    static final Duration DEFAULT_START = Duration.ofSeconds(60);

    /** Life of a token, if the request names none. */
    static final Duration DEFAULT_LIFE = Duration.ofMinutes(30);

    /** Both times must be nearer than this. */
    static final Duration MAX_LIFE = Duration.ofHours(20);

    private static final String SETUP = "bidiGenerateContentSetup";
    private static final String MASK = "fieldMask";
    private static final String USES = "uses";
    private static final String EXPIRES = "expireTime";
    private static final String STARTS = "newSessionExpireTime";
    private static final int DEFAULT_USES = 1;

    /**
     * Reads a body.
     *
     * @param body may be blank, for a token that locks nothing
     * @throws BadInputException with a sentence for the developer, in Google's words where Google has some
     */
    static AuthTokenRequest read(String body, Instant now) throws BadInputException {
        Map<String, JsonNode> members = members(body.isBlank() ? "{}" : body);
        JsonNode setup = members.get(SETUP);
        List<String> mask = FieldMask.parse(text(members.get(MASK), MASK));
        // A mask alone locks its members as unset; the SDK for JavaScript sends it so.
        String locked = mask.isEmpty() ? null : "{}";
        Instant starts = time(members.get(STARTS), STARTS, now);
        return new AuthTokenRequest(
                time(members.get(EXPIRES), EXPIRES, now),
                starts == null ? now.plus(DEFAULT_START) : starts,
                uses(members.get(USES)),
                setup == null ? locked : StrictJson.write(LockedSetup.read(setup, SETUP)),
                mask);
    }

    /** The members by their canonical names; {@code null} is absent. */
    private static Map<String, JsonNode> members(String body) throws BadInputException {
        JsonNode root;
        try {
            root = StrictJson.readLimited(body);
        } catch (MalformedJsonException e) {
            throw bad("Invalid JSON payload received. The body is " + e.getMessage() + ".");
        }
        if (!root.isObject()) {
            throw bad("Invalid JSON payload received. The body must be an object.");
        }
        Map<String, JsonNode> members = new HashMap<>();
        for (Map.Entry<String, JsonNode> member : root.properties()) {
            String name = List.of(SETUP, MASK, USES, EXPIRES, STARTS).stream()
                    .filter(known -> known.equals(member.getKey())
                            || FieldNames.snakeCase(known).equals(member.getKey()))
                    .findFirst()
                    .orElse(null);
            if (name == null) {
                throw LockedSetup.unknownName(member.getKey(), "");
            }
            if (!member.getValue().isNull() && members.put(name, member.getValue()) != null) {
                throw bad("Invalid JSON payload received. " + name + " is present twice, in both spellings.");
            }
        }
        return members;
    }

    private static String text(@Nullable JsonNode value, String name) throws BadInputException {
        if (value == null) {
            return "";
        }
        if (!value.isTextual()) {
            throw badValue(name, "TYPE_STRING");
        }
        return value.textValue();
    }

    /** A whole number, as a number or as text (ProtoJSON). */
    private static int uses(@Nullable JsonNode value) throws BadInputException {
        if (value == null) {
            return DEFAULT_USES;
        }
        int uses;
        try {
            if (!value.isNumber() && !(value.isTextual() && value.textValue().matches("-?\\d{1,10}"))) {
                throw badValue(USES, "TYPE_INT32");
            }
            uses = value.isNumber()
                    ? value.decimalValue().intValueExact()
                    : new BigDecimal(value.textValue()).intValueExact();
        } catch (ArithmeticException e) {
            throw badValue(USES, "TYPE_INT32");
        }
        if (uses < 0) {
            throw bad("uses must not be negative; 0 is no limit.");
        }
        return uses;
    }

    private static @Nullable Instant time(@Nullable JsonNode value, String name, Instant now) throws BadInputException {
        if (value == null) {
            return null;
        }
        Instant time;
        try {
            time = OffsetDateTime.parse(text(value, name)).toInstant();
        } catch (DateTimeException e) {
            throw badValue(name, "type.googleapis.com/google.protobuf.Timestamp");
        }
        if (!now.isBefore(time)) {
            throw bad(name + " must be in the future.");
        }
        if (!time.isBefore(now.plus(MAX_LIFE))) {
            throw bad(name + " must be less than " + MAX_LIFE.toHours() + " hours ahead.");
        }
        return time;
    }

    private static BadInputException badValue(String name, String type) {
        return bad("Invalid value at '" + FieldNames.snakeCase(name) + "' (" + type + ").");
    }

    private static BadInputException bad(String sentence) {
        return new BadInputException("bad_request", sentence, List.of());
    }
}
