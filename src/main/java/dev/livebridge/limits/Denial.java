package dev.livebridge.limits;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A limit is reached.
 *
 * @param scope whose
 * @param kind which
 * @param retryAfter when it will be free again, {@code null} when that is not a matter of time alone
 */
public record Denial(
        LimitScope scope, LimitKind kind, @Nullable Duration retryAfter) {

    /** What is the matter and what can be done, for people. */
    public String sentence() {
        String what = scope.beginning() + " " + kind.predicate();
        return switch (kind) {
            case CONVERSATIONS -> what + ". End one of them, or try again later.";
            case STARTS -> what + ". Try again in a minute.";
            case MINUTES, TOKENS, USD ->
                scope == LimitScope.CONVERSATION
                        ? what + " that one conversation may use. Start a new conversation."
                        : what + " of this day. A new day begins at midnight UTC.";
        };
    }
}
