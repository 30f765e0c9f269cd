package dev.livebridge.access.rules;

import dev.livebridge.access.Caller;
import dev.livebridge.access.CallerKind;
import java.util.Collections;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One rule: which callers it is for, what they may do, and what they may use.
 *
 * @param name unique in its file; the caller carries it
 * @param condition which callers
 * @param permissions what they may do
 * @param limits what they may use
 */
public record Rule(String name, Condition condition, Permissions permissions, RuleLimits limits) {

    /**
     * Which callers a rule is for: those that fulfil every part. {@code null} is fulfilled by all.
     *
     * @param kinds the caller is of one of them
     * @param roles the caller has one of them
     * @param keys the caller's API key has one of these ids
     * @param subjects the caller is one of them
     */
    public record Condition(
            @Nullable Set<CallerKind> kinds,
            @Nullable Set<String> roles,
            @Nullable Set<String> keys,
            @Nullable Set<String> subjects) {

        /** Every caller. */
        public static final Condition ALWAYS = new Condition(null, null, null, null);

        public Condition {
            kinds = kinds == null ? null : Set.copyOf(kinds);
            roles = roles == null ? null : Set.copyOf(roles);
            keys = keys == null ? null : Set.copyOf(keys);
            subjects = subjects == null ? null : Set.copyOf(subjects);
        }

        /** Whether a caller fulfils it. */
        public boolean matches(Caller caller) {
            return (kinds == null || kinds.contains(caller.kind()))
                    && (roles == null || !Collections.disjoint(roles, caller.roles()))
                    && (keys == null || keys.contains(caller.credentialId()))
                    && (subjects == null || subjects.contains(caller.subject()));
        }
    }
}
