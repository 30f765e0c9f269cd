package dev.livebridge.access.rules;

import dev.livebridge.access.Caller;
import dev.livebridge.access.CallerKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The rules in their order, and the limits of all conversations together.
 *
 * @param rules the first match applies; a caller without a match is refused
 * @param all for all conversations of all callers
 */
public record RuleSet(List<Rule> rules, Limits all) {

    /**
     * The rules without a file. Callers without a credential have low limits, persons and applications those of one
     * person's use. API keys, and callers of a service that requires no credentials, have no limits.
     */
    public static final RuleSet DEFAULT = new RuleSet(
            List.of(
                    new Rule(
                            "default-anonymous",
                            kinds(CallerKind.ANONYMOUS),
                            new Permissions(
                                    null,
                                    null,
                                    null,
                                    true,
                                    false,
                                    false,
                                    true,
                                    Duration.ofMinutes(10),
                                    null,
                                    null,
                                    Permissions.Otherwise.TELL),
                            new RuleLimits(
                                    new Limits(1, 6, new UsageLimit(Duration.ofMinutes(30), null, 1_000_000L)),
                                    Limits.NONE,
                                    new UsageLimit(Duration.ofMinutes(10), null, 500_000L))),
                    new Rule(
                            "default-person",
                            kinds(CallerKind.PERSON, CallerKind.BEARER, CallerKind.TICKET),
                            Permissions.ALL,
                            new RuleLimits(
                                    new Limits(3, 20, new UsageLimit(Duration.ofHours(8), null, 20_000_000L)),
                                    Limits.NONE,
                                    UsageLimit.NONE)),
                    new Rule(Caller.DEFAULT_RULE, Rule.Condition.ALWAYS, Permissions.ALL, RuleLimits.NONE)),
            Limits.NONE);

    public RuleSet {
        rules = List.copyOf(rules);
    }

    private static Rule.Condition kinds(CallerKind... kinds) {
        return new Rule.Condition(Set.of(kinds), null, null, null);
    }

    /**
     * The rule for a caller; empty if no rule matches, and the caller is refused. An ephemeral token keeps the rule of
     * its issuer, as long as there is one of that name.
     */
    public Optional<Rule> find(Caller caller) {
        return caller.token() == null ? matching(caller) : named(caller.rule()).or(() -> matching(caller));
    }

    private Optional<Rule> named(String name) {
        return rules.stream().filter(rule -> rule.name().equals(name)).findFirst();
    }

    private Optional<Rule> matching(Caller caller) {
        return rules.stream().filter(rule -> rule.condition().matches(caller)).findFirst();
    }
}
