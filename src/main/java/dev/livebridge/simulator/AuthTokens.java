package dev.livebridge.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/** Ephemeral tokens (gemini-live-api.md section 2.3). Used from one event loop only. */
final class AuthTokens {

    private static final String PREFIX = "auth_tokens/";
    private static final Duration MAX_LIFETIME = Duration.ofHours(20);
    private static final Duration SESSION_DEFAULT = Duration.ofMinutes(30);
    private static final Duration START_DEFAULT = Duration.ofSeconds(60);
    private static final int MAX_TOKENS = 10_000;
    private static final Pattern COMMA = Pattern.compile(",");
    private static final Pattern DOT = Pattern.compile("\\.");

    private static final Pattern SNAKE = Pattern.compile("_([a-z])");

    private final Clock clock;
    private final ClientMessageReader reader = new ClientMessageReader(true);
    private final Map<String, Token> tokens = new HashMap<>();

    AuthTokens(Clock clock) {
        this.clock = clock;
    }

    /** An issued token. */
    static final class Token {

        private final Instant expires;
        private final Instant startBefore;
        private final JsonNode locked;
        private final List<String> mask;
        private final boolean unlimited;
        private int usesLeft;

        private Token(Instant expires, Instant startBefore, int uses, JsonNode locked, List<String> mask) {
            this.expires = expires;
            this.startBefore = startBefore;
            this.unlimited = uses == 0;
            this.usesLeft = uses;
            this.locked = locked;
            this.mask = mask;
        }

        /** When a session that was started with it ends. */
        Instant expires() {
            return expires;
        }

        /** The effective setup: the client's, the token's, or the client's with the token's fields. */
        ObjectNode apply(ObjectNode setup) {
            if (!(locked instanceof ObjectNode own)) {
                return setup;
            }
            if (mask.isEmpty()) {
                return own.deepCopy();
            }
            ObjectNode merged = setup.deepCopy();
            mask.forEach(path -> copy(own, merged, DOT.split(path, -1)));
            return merged;
        }

        private static void copy(JsonNode from, ObjectNode to, String[] path) {
            JsonNode source = from;
            ObjectNode target = to;
            for (int i = 0; i < path.length - 1; i++) {
                source = source.path(path[i]);
                target = target.withObject(path[i]);
            }
            String last = path[path.length - 1];
            if (source.has(last)) {
                target.set(last, source.path(last));
            } else {
                target.remove(last);
            }
        }
    }

    /**
     * Issues a token for the body of a request.
     *
     * @return its name, which is the token
     * @throws RefusedException when the body is not a good {@code AuthToken}
     */
    String create(String body) {
        ObjectNode requested = reader.read(body.isBlank() ? "{}" : body, WireTables.AUTH_TOKEN);
        Instant now = clock.instant();
        tokens.values().removeIf(token -> token.expires.isBefore(now));
        if (tokens.size() >= MAX_TOKENS) {
            throw RefusedException.invalidArgument();
        }
        String mask = requested.path("fieldMask").asText();
        Token token = new Token(
                time(requested.path("expireTime"), now.plus(SESSION_DEFAULT), now),
                time(requested.path("newSessionExpireTime"), now.plus(START_DEFAULT), now),
                requested.path("uses").asInt(1),
                requested.path("bidiGenerateContentSetup"),
                mask.isBlank()
                        ? List.of()
                        : Arrays.stream(COMMA.split(mask, -1))
                                .map(AuthTokens::camelCase)
                                .toList());
        String name = PREFIX + UUID.randomUUID().toString().replace("-", "");
        tokens.put(name, token);
        return name;
    }

    /**
     * Takes a token for one more session.
     *
     * @param resuming whether the setup carries a handle; that does not count as a use
     * @throws RefusedException 1011 when it is used up, too old or unknown
     */
    Token use(String name, boolean resuming) {
        Token token = tokens.get(name);
        Instant now = clock.instant();
        if (token == null || !now.isBefore(token.expires)) {
            throw new RefusedException(1011, "auth token has expired");
        }
        if (!resuming) {
            if (!now.isBefore(token.startBefore)) {
                throw new RefusedException(1011, "Token has expired");
            }
            if (!token.unlimited && token.usesLeft-- <= 0) {
                token.usesLeft = 0;
                throw new RefusedException(1011, "Token has been used too many times");
            }
        }
        return token;
    }

    Duration untilExpiry(Token token) {
        return Duration.between(clock.instant(), token.expires());
    }

    private static Instant time(JsonNode value, Instant otherwise, Instant now) {
        if (!value.isTextual()) {
            return otherwise;
        }
        Instant time;
        try {
            time = OffsetDateTime.parse(value.textValue()).toInstant();
        } catch (DateTimeException e) {
            throw RefusedException.invalidArgument();
        }
        if (!time.isBefore(now.plus(MAX_LIFETIME))) {
            throw RefusedException.invalidArgument();
        }
        return time;
    }

    private static String camelCase(String path) {
        return SNAKE.matcher(path.strip()).replaceAll(match -> match.group(1).toUpperCase(Locale.ROOT));
    }
}
