package dev.livebridge.browser;

import dev.livebridge.access.TokenGrant;
import dev.livebridge.limits.TokenUses;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.EndCause;
import dev.livebridge.session.LiveSession;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * Counts the conversations that ephemeral tokens begin. A conversation that continues by a resumption handle is not
 * counted (gemini-live-api.md section 2.3).
 */
@Singleton
class TokenStarts {

    private static final String TOO_LATE = "Token has expired";
    private static final String USED_UP = "Token has been used too many times";
    private static final String UNAVAILABLE = "The service is currently unavailable.";
    private static final String UNKNOWN = UNAVAILABLE + " (Another instance counts the uses of this token.)";

    private final TokenUses uses;

    TokenStarts(TokenUses uses) {
        this.uses = uses;
    }

    /**
     * Counts the conversation that a setup begins; ends its session if the token begins none. Blocks until the use is
     * counted.
     *
     * @param first the messages of the session's first frame
     */
    boolean admit(TokenGrant token, List<ClientMessage> first, LiveSession session) {
        boolean resumes = first.stream()
                .anyMatch(message -> message instanceof ClientMessage.Setup setup
                        && setup.resumption() != null
                        && token.id().equals(setup.resumption().token()));
        if (resumes) {
            return true;
        }
        return switch (uses.use(token)) {
            case GRANTED -> true;
            case TOO_LATE -> end(session, EndCause.AUTH_EXPIRED, TOO_LATE);
            case USED_UP -> end(session, EndCause.AUTH_EXPIRED, USED_UP);
            case UNKNOWN -> end(session, EndCause.CAPACITY, UNKNOWN);
            case UNAVAILABLE -> end(session, EndCause.CAPACITY, UNAVAILABLE);
        };
    }

    private static boolean end(LiveSession session, EndCause cause, String words) {
        session.end(cause, words);
        return false;
    }
}
