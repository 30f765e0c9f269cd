package dev.livebridge.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {

    @Test
    void withoutOptionsAFewPeopleTalkToThisMachine() throws BadUsageException {
        LoadOptions options = CommandLine.parse();

        assertEquals(URI.create("ws://127.0.0.1:9080"), options.target());
        assertEquals(DialectName.LIVE, options.dialect());
        assertEquals(Exercise.TALK, options.exercise());
        assertEquals(List.of(10), options.steps());
        assertEquals(Duration.ofSeconds(30), options.duration());
    }

    @Test
    void everyOptionIsRead() throws BadUsageException {
        LoadOptions options = CommandLine.parse(
                "--target=wss://talk.example.com",
                "--confirm-target",
                "Talk.Example.com",
                "--dialect",
                "tutorial",
                "--exercise",
                "echo",
                "--talkers",
                "1,20,200",
                "--idle",
                "25",
                "--ramp",
                "0s",
                "--duration",
                "5m",
                "--speech",
                "1500ms",
                "--think",
                "10s",
                "--barge-in",
                "50",
                "--chunk",
                "40",
                "--seed",
                "-7",
                "--metrics",
                "http://127.0.0.1:9000/q/metrics",
                "--max-share",
                "2",
                "--max-cpu",
                "60",
                "--json",
                "figures.json");

        assertEquals(DialectName.TUTORIAL, options.dialect());
        assertEquals(Exercise.ECHO, options.exercise());
        assertEquals(List.of(1, 20, 200), options.steps());
        assertEquals(Duration.ZERO, options.ramp());
        assertEquals(Duration.ofMinutes(5), options.duration());
        assertEquals(
                new TalkerSettings(Duration.ofMillis(1_500), Duration.ofSeconds(10), 50, 25, 40, -7),
                options.talkerSettings());
        assertEquals(new Bounds(2, 60), options.bounds());
        assertEquals("figures.json", String.valueOf(options.json()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "talkers                          | 'talkers' is not an option; options begin with --",
                "--taklers 5                      | there is no option --taklers; load --help lists them",
                "--talkers                        | --talkers needs a value",
                "--json --talkers 5               | --json needs a value",
                "--seed 1 --seed 2                | --seed is given twice",
                "--talkers many                   | --talkers takes a number, or several with commas between them, not 'many'",
                "--talkers 5,                     | --talkers takes a number, or several with commas between them, not '5,'",
                "--talkers 0                      | --talkers takes rising numbers from 1 to 20000, not '0'",
                "--talkers 20,10                  | --talkers takes rising numbers from 1 to 20000, not '20,10'",
                "--talkers 20001                  | --talkers takes rising numbers from 1 to 20000, not '20001'",
                "--duration 30                    | --duration takes a time such as 500ms, 10s or 5m, not '30'",
                "--duration 2h                    | --duration takes a time from 1s to 3600s, not '2h'",
                "--ramp -1s                       | --ramp takes a time such as 500ms, 10s or 5m, not '-1s'",
                "--idle 101                       | --idle takes a whole number from 0 to 100, not '101'",
                "--barge-in often                 | --barge-in takes a whole number from 0 to 100, not 'often'",
                "--chunk 5                        | --chunk takes a whole number from 10 to 200, not '5'",
                "--dialect klingon                | --dialect takes live or tutorial or gemini, not 'klingon'",
                "--exercise yoga                  | --exercise takes talk or echo, not 'yoga'",
                "--target 127.0.0.1:9080          | --target is not a URL: '127.0.0.1:9080'",
                "--target http://127.0.0.1        | --target takes a URL that begins with ws:// or wss://, not 'http://127.0.0.1'",
                "--target ws:///x                 | --target takes a URL that begins with ws:// or wss://, not 'ws:///x'",
                "--target ws://127.0.0.1/live     | --target takes no path; --dialect chooses it",
                "--target ws://u:p@127.0.0.1      | --target takes neither credentials nor a query",
                "--metrics ws://127.0.0.1:9000    | --metrics takes a URL that begins with http:// or https://, not 'ws://127.0.0.1:9000'",
                "--metrics http://example.com/    | --metrics names neither this machine nor the host of --target",
                "--json no/such/directory/f.json  | --json: there is no such directory, or it is not a file: 'no/such/directory/f.json'",
                "--json .                         | --json: there is no such directory, or it is not a file: '.'",
            })
    void whatMakesNoSenseIsAnsweredWithOneSentence(String arguments, String sentence) {
        BadUsageException refused = assertThrows(
                BadUsageException.class,
                () -> CommandLine.parse(arguments.strip().split(" ")));

        assertEquals(sentence, refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ws://127.0.0.1:9080",
                "ws://127.1.2.3:9080",
                "ws://localhost:9080",
                "ws://LOCALHOST",
                "ws://[::1]:9080"
            })
    void thisMachineNeedsNoConfirmation(String target) throws BadUsageException {
        assertEquals(URI.create(target), CommandLine.parse("--target", target).target());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ws://example.com",
                "ws://10.0.0.7:9080",
                "ws://0.0.0.0:9080",
                "ws://127.0.0.1.example.com",
                "ws://localhost.example.com",
                "ws://[2001:db8::1]:9080"
            })
    void anotherMachineIsRefusedUntilItsHostIsRepeated(String target) throws BadUsageException {
        String host = URI.create(target).getHost();

        BadUsageException unconfirmed =
                assertThrows(BadUsageException.class, () -> CommandLine.parse("--target", target));
        BadUsageException another = assertThrows(
                BadUsageException.class,
                () -> CommandLine.parse("--target", target, "--confirm-target", "example.org"));
        LoadOptions confirmed = CommandLine.parse("--target", target, "--confirm-target", host);

        assertEquals(
                "'" + host + "' is not this machine; repeat it with --confirm-target " + host
                        + " if you may put load on it",
                unconfirmed.getMessage());
        assertEquals("--confirm-target names 'example.org', --target '" + host + "'", another.getMessage());
        assertEquals(host, confirmed.target().getHost());
    }

    @Test
    void theHelpNamesEveryOption() {
        List<String> options = Pattern.compile("(?m)^ +--([a-z-]+)")
                .matcher(CommandLine.HELP)
                .results()
                .map(found -> found.group(1))
                .toList();

        assertFalse(options.isEmpty());
        for (String option : options) {
            BadUsageException refused = assertThrows(
                    BadUsageException.class, () -> CommandLine.parse("--" + option, "?", "--" + option, "?"));
            assertEquals("--" + option + " is given twice", refused.getMessage());
        }
        assertEquals(CommandLine.NAMES, Set.copyOf(options));
    }
}
