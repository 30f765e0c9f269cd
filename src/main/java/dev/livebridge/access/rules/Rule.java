package dev.livebridge.access.rules;

import dev.livebridge.access.Caller;
import dev.livebridge.access.CallerKind;
import java.util.Collections;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A rule: the permissions and limits of the callers that match its condition.
 *
 * @param name unique in its file; becomes {@link Caller#rule()}
 * @param condition of the callers
 * @param permissions of the callers
 * @param limits of the callers
 */
public record Rule(String name, Condition condition, Permissions permissions, RuleLimits limits) {

    /**
     * The condition of a rule. A caller must match every member; {@code null} matches all callers.
     *
     * @param kinds the caller has one of these kinds
     * @param roles the caller has one of these roles
     * @param keys the caller's API key has one of these ids
     * @param subjects the caller has one of these subjects
     */
    public record Condition(
            @Nullable Set<CallerKind> kinds,
            @Nullable Set<String> roles,
            @Nullable Set<String> keys,
            @Nullable Set<String> subjects) {

        /** Matches all callers. */
        public static final Condition ALWAYS = new Condition(null, null, null, null);

        public Condition {
            kinds = kinds == null ? null : Set.copyOf(kinds);
            roles = roles == null ? null : Set.copyOf(roles);
            keys = keys == null ? null : Set.copyOf(keys);
            subjects = subjects == null ? null : Set.copyOf(subjects);
        }

        /** Whether a caller matches. */
        public boolean matches(Caller caller) {
            return (kinds == null || kinds.contains(caller.kind()))
                    && (roles == null || !Collections.disjoint(roles, caller.roles()))
                    && (keys == null || keys.contains(caller.credentialId()))
                    && (subjects == null || subjects.contains(caller.subject()));
        }
    }
}
