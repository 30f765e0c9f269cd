package dev.livebridge.access.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.access.Caller;
import dev.livebridge.access.CallerKind;
import dev.livebridge.access.rules.Permissions.Modality;
import dev.livebridge.access.rules.Permissions.Otherwise;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A rules file is read as it says, and a faulty one is refused with the line of its fault. */
class RulesReaderTest {

    private static final String FILE = """
            # Staff first.
            rules:
              - name: staff
                when:
                  kinds: [person, bearer]
                  roles: [staff, admin]
                may:
                  dialects: [live]
                  models: [models/gemini-3.8-live]
                  modalities: [audio]
                  system-instruction: false
                  tools: no
                  context-update: false
                  video: false
                  max-duration: 30m
                otherwise: refuse
                limits:
                  subject: {conversations: 2, starts-per-minute: 6, minutes-per-day: 90, tokens-per-day: 1000000, usd-per-day: 2.5}
                  key: {conversations: 9}
                  conversation: {minutes: 15, tokens: 5000, usd: 0.000001}
              - name: rest
            all:
              conversations: 500
            """;

    private static Caller caller(CallerKind kind, String... roles) {
        return new Caller("oidc:ada", kind, Set.of(roles), "", null, Caller.DEFAULT_RULE);
    }

    @Test
    void aWholeFileIsReadAsItSays() throws InvalidRulesException {
        RuleSet rules = RulesReader.read(FILE);

        Rule staff = rules.rules().getFirst();
        assertEquals("staff", staff.name());
        assertEquals(
                new Permissions(
                        Set.of("live"),
                        Set.of("gemini-3.8-live"),
                        Set.of(Modality.AUDIO),
                        false,
                        false,
                        false,
                        false,
                        Duration.ofMinutes(30),
                        null,
                        null,
                        Otherwise.REFUSE),
                staff.permissions());
        assertEquals(
                new RuleLimits(
                        new Limits(2, 6, new UsageLimit(Duration.ofMinutes(90), 1_000_000L, 2_500_000L)),
                        new Limits(9, null, UsageLimit.NONE),
                        new UsageLimit(Duration.ofMinutes(15), 5_000L, 1L)),
                staff.limits());
        assertEquals(new Limits(500, null, UsageLimit.NONE), rules.all());
        assertEquals(Permissions.ALL, rules.rules().get(1).permissions());
    }

    @Test
    void theFirstRuleThatMatchesApplies() throws InvalidRulesException {
        RuleSet rules = RulesReader.read(FILE);

        assertEquals(
                "staff",
                rules.find(caller(CallerKind.PERSON, "admin")).orElseThrow().name());
        assertEquals("rest", rules.find(caller(CallerKind.PERSON)).orElseThrow().name(), "lacks the role");
        assertEquals(
                "rest",
                rules.find(caller(CallerKind.KEY, "admin")).orElseThrow().name(),
                "is of another kind");
    }

    @Test
    void aCallerThatNoRuleMatchesHasNone() throws InvalidRulesException {
        RuleSet rules = RulesReader.read("rules:\n  - {name: ci, when: {keys: [ci]}}\n");

        assertEquals(Optional.empty(), rules.find(caller(CallerKind.PERSON, "ci")));
        Caller ci = new Caller("key:ci", CallerKind.KEY, Set.of(), "ci", null, Caller.DEFAULT_RULE);
        assertEquals("ci", rules.find(ci).orElseThrow().name());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1|''|is empty",
                "1|'just text'|must be a mapping",
                "1|'- a'|must be a mapping",
                "1|'rules: []'|one or more rules",
                "1|'rules: {name: a}'|one or more rules",
                "2|'rules:\n  - {name: a, maybe: {}}'|maybe",
                "2|'rules:\n  - {when: {roles: [a]}}'|needs a name",
                "2|'rules:\n  - {name: A b}'|needs a name",
                "3|'rules:\n  - name: a\n    when: {}'|must have a condition",
                "3|'rules:\n  - name: a\n    when: {roles: []}'|must not be empty",
                "3|'rules:\n  - name: a\n    when: {roles: staff}'|must be a list",
                "3|'rules:\n  - name: a\n    when: {kinds: [robot]}'|robot",
                "3|'rules:\n  - {name: a, when: {roles: [x]}}\n  - {name: a}'|two rules",
                "3|'rules:\n  - {name: a}\n  - {name: b}'|never reached",
                "3|'rules:\n  - name: a\n    may: {tools: maybe}'|true or false",
                "3|'rules:\n  - name: a\n    may: {max-duration: 30}'|such as 90s",
                "3|'rules:\n  - name: a\n    may: {max-duration: 0m}'|must be positive",
                "3|'rules:\n  - name: a\n    may: {dialects: [klingon]}'|klingon",
                "3|'rules:\n  - name: a\n    otherwise: ignore'|ignore",
                "4|'rules:\n  - name: a\n    limits:\n      subject: {conversations: -1}'|a number from 0",
                "4|'rules:\n  - name: a\n    limits:\n      subject: {conversations: 1.5}'|a whole number",
                "4|'rules:\n  - name: a\n    limits:\n      subject: {conversations: 9999999999}'|too large",
                "4|'rules:\n  - name: a\n    limits:\n      subject: {usd-per-day: 0.0000001}'|6 digits",
                "4|'rules:\n  - name: a\n    limits:\n      subject: {usd-per-day: 9999999999999}'|to 999999999999",
                "4|'rules:\n  - name: a\n    limits:\n      subject: {minutes-per-day: 9999999999999}'|to 999999999999",
                "4|'rules:\n  - name: a\n    limits:\n      subject: {usd-per-day: \"2\"}'|a number from 0",
                "4|'rules:\n  - name: a\n    limits:\n      subject: {usd-per-day: .inf}'|a number from 0",
                "4|'rules:\n  - name: a\n    limits:\n      conversation: {usd-per-day: 2}'|usd-per-day",
                "4|'rules:\n  - name: a\n    limits:\n      address: {conversations: 2}'|address",
                "3|'rules:\n  - {name: a}\nrules:\n  - {name: b}'|twice",
                "3|'rules:\n  - name: a\n    otherwise: \"tell'|not YAML",
                "2|'rules:\n\t- name: a'|not YAML",
            })
    void aFaultIsNamedWithItsLine(int line, String yaml, String fault) {
        InvalidRulesException refused =
                assertThrows(InvalidRulesException.class, () -> RulesReader.read(yaml == null ? "" : yaml));

        String message = String.valueOf(refused.getMessage());
        assertTrue(message.startsWith("line " + line + ": "), message);
        assertTrue(message.contains(fault), message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: &a [*a]",
                "rules: &r\n  - *r",
                "!!javax.script.ScriptEngineManager [!!java.net.URLClassLoader []]",
                "? [a, b]\n: c",
                "--- a\n--- b"
            })
    void neitherLoopsNorTypesDoHarm(String yaml) {
        assertThrows(InvalidRulesException.class, () -> RulesReader.read(yaml));
    }

    @Test
    void theLargestNumbersFitTheirUnits() throws InvalidRulesException {
        UsageLimit limit = RulesReader.read("""
                        rules:
                          - name: a
                            limits: {conversation: {minutes: 999999999999, tokens: 999999999999, usd: 999999999999.999999}}
                        """).rules().getFirst().limits().conversation();

        assertEquals(
                new UsageLimit(Duration.ofMinutes(999_999_999_999L), 999_999_999_999L, 999_999_999_999_999_999L),
                limit);
        assertEquals(
                59_999_999_999_940_000L, Objects.requireNonNull(limit.time()).toMillis());
    }

    @Test
    void aFileOfAnySizeIsBounded() {
        InvalidRulesException refused =
                assertThrows(InvalidRulesException.class, () -> RulesReader.read("#".repeat(300_000)));

        assertTrue(String.valueOf(refused.getMessage()).contains("larger"), refused.getMessage());
    }

    @Test
    void withoutAFileAnonymousVisitorsAreLimitedMostAndAnOpenServiceNotAtAll() {
        Rule visitor = RuleSet.DEFAULT.find(caller(CallerKind.ANONYMOUS)).orElseThrow();
        Rule person = RuleSet.DEFAULT.find(caller(CallerKind.PERSON)).orElseThrow();
        Rule open = RuleSet.DEFAULT.find(caller(CallerKind.OPEN)).orElseThrow();

        assertEquals(1, visitor.limits().subject().conversations());
        assertFalse(visitor.permissions().tools());
        assertEquals(3, person.limits().subject().conversations());
        assertEquals(RuleLimits.NONE, open.limits());
        assertEquals(Permissions.ALL, open.permissions());
    }
}
