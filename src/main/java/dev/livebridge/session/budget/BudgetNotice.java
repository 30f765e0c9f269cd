package dev.livebridge.session.budget;

import org.jspecify.annotations.Nullable;

/** What a conversation's budget has to say. */
public sealed interface BudgetNotice {

    /** For people, one or two sentences. */
    String message();

    /**
     * Most of a limit is used.
     *
     * @param message for people
     * @param inMillis until the end, {@code null} when that is not a matter of time alone
     */
    record Warning(String message, @Nullable Long inMillis) implements BudgetNotice {}

    /**
     * A limit is reached.
     *
     * @param message for people
     * @param retryAfterMillis when the caller may talk again, {@code null} when that is not a matter of time
     */
    record Exhausted(String message, @Nullable Long retryAfterMillis) implements BudgetNotice {}
}
