package dev.livebridge.access.request;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The places of credentials in a request:
 *
 * <ul>
 *   <li>{@code Authorization: Bearer …};
 *   <li>the WebSocket subprotocol {@code quarkus-http-upgrade#Authorization#Bearer%20…}, because a page can't set
 *       headers of an upgrade;
 *   <li>the WebSocket subprotocol {@code livebridge.ticket.…};
 *   <li>on Gemini's paths only, for Google's SDKs: {@code x-goog-api-key}, {@code ?key=}, {@code Authorization: Token
 *       auth_tokens/…}, {@code ?access_token=auth_tokens/…}. The text after {@code auth_tokens/} is an ephemeral token
 *       or a ticket.
 * </ul>
 *
 * <p>The session cookie is not read here, because a browser sends it without the page.
 */
final class Carriers {

    /** Prefix of a ticket as subprotocol. */
    static final String TICKET_PROTOCOL = "livebridge.ticket.";

    /** Prefix of an ephemeral token of Google (gemini-live-api.md section 2.2). */
    static final String TOKEN_NAME = "auth_tokens/";

    private static final String HEADER_PROTOCOL = "quarkus-http-upgrade#";
    private static final String BEARER = "bearer ";
    private static final String TOKEN = "token ";

    private Carriers() {}

    /**
     * All credentials of a request, without duplicates.
     *
     * @param geminiPath whether the carriers of Google's SDKs are accepted
     */
    static Set<Credential> read(HttpServerRequest request, boolean geminiPath) {
        List<Credential> found = new ArrayList<>();
        MultiMap headers = request.headers();
        headers.getAll(HttpHeaders.AUTHORIZATION).forEach(value -> found.add(authorization(value, geminiPath)));
        for (String line : headers.getAll("Sec-WebSocket-Protocol")) {
            for (String protocol : line.split(",", -1)) {
                addProtocol(found, protocol.strip(), geminiPath);
            }
        }
        if (geminiPath) {
            headers.getAll("x-goog-api-key").forEach(value -> found.add(googleKey(value.strip())));
            request.params().getAll("key").forEach(value -> found.add(googleKey(value)));
            request.params().getAll("access_token").forEach(value -> found.add(googleToken(value)));
        }
        return new LinkedHashSet<>(found);
    }

    private static Credential authorization(String value, boolean geminiPath) {
        String lower = value.toLowerCase(Locale.ROOT);
        if (lower.startsWith(BEARER)) {
            return new Credential.Bearer(value.substring(BEARER.length()).strip());
        }
        if (geminiPath && lower.startsWith(TOKEN)) {
            return googleToken(value.substring(TOKEN.length()).strip());
        }
        return new Credential.Malformed(value);
    }

    private static void addProtocol(List<Credential> found, String protocol, boolean geminiPath) {
        if (protocol.startsWith(TICKET_PROTOCOL)) {
            found.add(new Credential.Ticket(protocol.substring(TICKET_PROTOCOL.length())));
            return;
        }
        String decoded = decode(protocol);
        if (!decoded.toLowerCase(Locale.ROOT).startsWith(HEADER_PROTOCOL)) {
            return;
        }
        String[] parts = decoded.split("#", -1);
        if (parts.length == 3 && parts[1].equalsIgnoreCase("Authorization")) {
            found.add(authorization(parts[2].strip(), geminiPath));
        } else {
            found.add(new Credential.Malformed(protocol));
        }
    }

    private static String decode(String protocol) {
        try {
            return URLDecoder.decode(protocol, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            // Not percent-encoded: the text itself.
            return protocol;
        }
    }

    private static Credential googleKey(String value) {
        return value.startsWith(TOKEN_NAME) ? googleToken(value) : new Credential.Key(value);
    }

    private static Credential googleToken(String value) {
        return value.startsWith(TOKEN_NAME)
                ? new Credential.Token(value.substring(TOKEN_NAME.length()))
                : new Credential.Malformed(value);
    }
}
