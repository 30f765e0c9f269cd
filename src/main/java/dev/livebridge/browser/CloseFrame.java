package dev.livebridge.browser;

import dev.livebridge.message.EndCause;
import dev.livebridge.session.upstream.UpstreamEnd;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The close frame of a client's socket.
 *
 * @param code of RFC 6455, or ours from 4000
 * @param reason for people, at most 123 bytes
 */
record CloseFrame(int code, String reason) {

    /** Causes that only the operator can fix. Gemini's own code would blame the client's request. */
    private static final Set<EndCause> OF_THE_OPERATOR =
            EnumSet.of(EndCause.UPSTREAM_CREDENTIALS, EndCause.UPSTREAM_REGION, EndCause.UPSTREAM_QUOTA);

    /** The frame of a dialect that has an error message: the client knows the remedy already. */
    static CloseFrame of(EndCause cause, String message) {
        return new CloseFrame(cause.closeCode(), CloseReasonText.fit(message));
    }

    /**
     * The frame of the Gemini dialect. Its clients evaluate the code and parts of the reason (gemini-live-api.md
     * section 11), so a session that Gemini ended has Gemini's code and a reason that begins with Gemini's words. The
     * remedy follows if it fits.
     *
     * @param message sentence for people
     * @param upstream the end of the upstream connection; {@code null} if the service ended the session
     */
    static CloseFrame asGeminiDoes(EndCause cause, String message, @Nullable UpstreamEnd upstream) {
        if (upstream == null) {
            boolean general = message.equals(cause.sentence());
            return new CloseFrame(cause.closeCode(), withRemedy(message, general ? cause.remedy() : null));
        }
        boolean ours = OF_THE_OPERATOR.contains(cause) || !isGeminis(upstream.code(), cause);
        return new CloseFrame(ours ? cause.closeCode() : upstream.code(), reason(cause, message, upstream));
    }

    /**
     * The frame of the Gemini dialect for a client with an ephemeral token whose session the service ended. Google
     * closes with 1011 for all faults of a token.
     *
     * @param message sentence for people; in Google's words where it differs from that of the cause
     */
    static CloseFrame ofToken(EndCause cause, String message) {
        if (cause == EndCause.AUTH_EXPIRED) {
            boolean general = message.equals(cause.sentence());
            return new CloseFrame(INTERNAL_ERROR, general ? TOKEN_EXPIRED : CloseReasonText.fit(message));
        }
        return cause == EndCause.CAPACITY
                ? new CloseFrame(INTERNAL_ERROR, CloseReasonText.fit(message))
                : asGeminiDoes(cause, message, null);
    }

    private static String reason(EndCause cause, String message, UpstreamEnd upstream) {
        String words = upstream.words();
        String remedy = upstream.remedy() == null ? cause.remedy() : upstream.remedy();
        if (words.isEmpty() || upstream.code() == NO_CLOSE_FRAME) {
            return withRemedy(message, remedy);
        }
        return Stream.of(
                        words + " (" + upstream.happened() + (remedy == null ? "" : " " + remedy) + ")",
                        words + " (" + remedy + ")",
                        words + " (" + upstream.happened() + ")")
                .filter(CloseReasonText::fits)
                .findFirst()
                .orElseGet(() -> CloseReasonText.fit(words));
    }

    private static String withRemedy(String message, @Nullable String remedy) {
        String whole = remedy == null || message.contains(remedy) ? message : message + " " + remedy;
        return CloseReasonText.fit(CloseReasonText.fits(whole) ? whole : message);
    }

    /**
     * Whether the code is Gemini's and may be forwarded. 1000 is not forwarded after a failed retry: it means success.
     */
    private static boolean isGeminis(int code, EndCause cause) {
        return code == 1000 ? cause == EndCause.UPSTREAM_CLOSED : isSendable(code);
    }

    private static boolean isSendable(int code) {
        return (code >= 1001 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
    }

    private static final int NO_CLOSE_FRAME = 1006;
    private static final int INTERNAL_ERROR = 1011;
    private static final String TOKEN_EXPIRED = "auth token has expired";
}
