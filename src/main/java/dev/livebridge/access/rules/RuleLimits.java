package dev.livebridge.access.rules;

/**
 * The limits of a rule.
 *
 * @param subject for all conversations of one subject; for an anonymous caller the subject is the address
 * @param key for all conversations with one API key
 * @param conversation for each conversation
 */
public record RuleLimits(Limits subject, Limits key, UsageLimit conversation) {

    /** No limits. */
    public static final RuleLimits NONE = new RuleLimits(Limits.NONE, Limits.NONE, UsageLimit.NONE);
}
