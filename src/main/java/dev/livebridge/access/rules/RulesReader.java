package dev.livebridge.access.rules;

import dev.livebridge.access.CallerKind;
import dev.livebridge.access.rules.Permissions.Modality;
import dev.livebridge.access.rules.Permissions.Otherwise;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Parses a rules file. An unknown member or an invalid value is an error with its line. */
final class RulesReader {

    private static final List<String> DIALECTS = List.of("live", "gemini", "tutorial");
    private static final List<String> KINDS =
            Arrays.stream(CallerKind.values()).map(CallerKind::label).toList();
    private static final BigDecimal MICRO = BigDecimal.valueOf(1_000_000);

    private RulesReader() {}

    /**
     * Parses a file's content.
     *
     * @throws InvalidRulesException with the line of the first error
     */
    static RuleSet read(String yaml) throws InvalidRulesException {
        Node document = YamlMapping.document(yaml);
        if (document == null) {
            throw new InvalidRulesException(1, "the file is empty; without rules every caller is refused.");
        }
        YamlMapping file = new YamlMapping("the file", document);
        Node rules = file.take("rules");
        Node all = file.take("all");
        file.end();
        if (!(rules instanceof SequenceNode sequence) || sequence.getValue().isEmpty()) {
            throw new InvalidRulesException(
                    rules == null ? file.line() : YamlMapping.line(rules),
                    "rules must be a list of one or more rules.");
        }
        List<Rule> read = new ArrayList<>();
        Set<String> names = new HashSet<>();
        boolean unreachable = false;
        for (Node node : sequence.getValue()) {
            Rule rule = rule(node);
            if (!names.add(rule.name())) {
                throw new InvalidRulesException(
                        YamlMapping.line(node), "there are two rules with the name '" + rule.name() + "'.");
            }
            if (unreachable) {
                throw new InvalidRulesException(
                        YamlMapping.line(node),
                        "the rule '" + rule.name() + "' is never reached: a rule before it has no 'when'.");
            }
            unreachable = rule.condition().equals(Rule.Condition.ALWAYS);
            read.add(rule);
        }
        return new RuleSet(read, all == null ? Limits.NONE : limits("all", all));
    }

    private static Rule rule(Node node) throws InvalidRulesException {
        YamlMapping rule = new YamlMapping("a rule", node);
        String name = rule.takeText("name");
        if (name == null || !name.matches("[a-z0-9][a-z0-9-]{0,39}")) {
            throw new InvalidRulesException(
                    rule.line(), "a rule needs a name of up to 40 lower-case letters, digits and hyphens.");
        }
        Node when = rule.take("when");
        Node may = rule.take("may");
        String word = rule.takeWord("otherwise", List.of("tell", "refuse"));
        Node limits = rule.take("limits");
        rule.end();
        Otherwise otherwise = "refuse".equals(word) ? Otherwise.REFUSE : Otherwise.TELL;
        return new Rule(
                name,
                when == null ? Rule.Condition.ALWAYS : condition(when),
                permissions(may, otherwise),
                limits == null ? RuleLimits.NONE : ruleLimits(limits));
    }

    private static Rule.Condition condition(Node node) throws InvalidRulesException {
        YamlMapping when = new YamlMapping("when", node);
        Set<String> kinds = when.takeWords("kinds", KINDS);
        Rule.Condition condition = new Rule.Condition(
                kinds == null
                        ? null
                        : kinds.stream()
                                .map(label -> CallerKind.valueOf(label.toUpperCase(Locale.ROOT)))
                                .collect(Collectors.toSet()),
                when.takeTexts("roles"),
                when.takeTexts("keys"),
                when.takeTexts("subjects"));
        when.end();
        if (condition.equals(Rule.Condition.ALWAYS)) {
            throw new InvalidRulesException(when.line(), "when must have a condition; omit when for all callers.");
        }
        return condition;
    }

    private static Permissions permissions(@Nullable Node node, Otherwise otherwise) throws InvalidRulesException {
        if (node == null) {
            return Permissions.unrestricted(otherwise);
        }
        YamlMapping may = new YamlMapping("may", node);
        Set<String> modalities = may.takeWords("modalities", List.of("audio", "text"));
        int line = may.line();
        Set<String> agents = may.takeTexts("agents");
        String agent = may.takeText("agent");
        if (agent != null && agents != null && !agents.contains(agent)) {
            throw new InvalidRulesException(line, "may.agent must be one of may.agents.");
        }
        Permissions permissions = new Permissions(
                may.takeWords("dialects", DIALECTS),
                bare(may.takeTexts("models")),
                modalities == null
                        ? null
                        : modalities.stream()
                                .map(label -> Modality.valueOf(label.toUpperCase(Locale.ROOT)))
                                .collect(Collectors.toSet()),
                may.takeSwitch("system-instruction", true),
                may.takeSwitch("tools", true),
                may.takeSwitch("context-update", true),
                may.takeSwitch("video", true),
                may.takeDuration("max-duration"),
                agents,
                agent,
                otherwise);
        may.end();
        return permissions;
    }

    private static @Nullable Set<String> bare(@Nullable Set<String> models) {
        return models == null
                ? null
                : models.stream()
                        .map(model -> model.startsWith("models/") ? model.substring("models/".length()) : model)
                        .collect(Collectors.toSet());
    }

    private static RuleLimits ruleLimits(Node node) throws InvalidRulesException {
        YamlMapping limits = new YamlMapping("limits", node);
        Node subject = limits.take("subject");
        Node key = limits.take("key");
        Node conversation = limits.take("conversation");
        limits.end();
        return new RuleLimits(
                subject == null ? Limits.NONE : limits("limits.subject", subject),
                key == null ? Limits.NONE : limits("limits.key", key),
                conversation == null ? UsageLimit.NONE : conversation(conversation));
    }

    private static Limits limits(String name, Node node) throws InvalidRulesException {
        YamlMapping limits = new YamlMapping(name, node);
        Limits read = new Limits(
                limits.takeSmallCount("conversations"),
                limits.takeSmallCount("starts-per-minute"),
                usage(limits, "-per-day"));
        limits.end();
        return read;
    }

    private static UsageLimit conversation(Node node) throws InvalidRulesException {
        YamlMapping limits = new YamlMapping("limits.conversation", node);
        UsageLimit read = usage(limits, "");
        limits.end();
        return read;
    }

    private static UsageLimit usage(YamlMapping limits, String suffix) throws InvalidRulesException {
        Long minutes = limits.takeCount("minutes" + suffix);
        Long tokens = limits.takeCount("tokens" + suffix);
        BigDecimal usd = limits.takeNumber("usd" + suffix);
        return new UsageLimit(
                minutes == null ? null : Duration.ofMinutes(minutes),
                tokens,
                usd == null ? null : usd.multiply(MICRO).longValueExact());
    }
}
