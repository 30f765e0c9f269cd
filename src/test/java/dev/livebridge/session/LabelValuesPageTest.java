package dev.livebridge.session;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.message.GatewayMessage.Memory;
import dev.livebridge.message.GatewayMessage.Timing.SpeechEnd;
import dev.livebridge.message.MessageKind;
import dev.livebridge.resumption.ResumeRefusedException;
import dev.livebridge.session.upstream.RotationTrigger;
import dev.livebridge.session.upstream.UpstreamWatchdog;
import dev.livebridge.telemetry.Meters.Direction;
import dev.livebridge.telemetry.Meters.DropReason;
import dev.livebridge.telemetry.Meters.Resumption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code docs/metrics.md} lists every value that a label with a closed set of values can have. */
class LabelValuesPageTest {

    private static final Pattern VALUE = Pattern.compile("`([a-z_]+)`");

    static Stream<Arguments> labels() {
        return Stream.of(
                row("`trigger`", Arrays.stream(RotationTrigger.values()).map(RotationTrigger::label)),
                row(
                        "`outcome` of a rotation",
                        Stream.concat(Arrays.stream(Memory.values()).map(Memory::label), Stream.of("failed"))),
                row(
                        "`kind` of a watchdog",
                        Arrays.stream(UpstreamWatchdog.Alarm.values())
                                .map(alarm -> alarm.name().toLowerCase(Locale.ROOT))),
                row(
                        "`outcome` of a resumption",
                        Stream.concat(
                                Stream.concat(
                                        Arrays.stream(Resumption.values()).map(Resumption::label),
                                        Stream.of("refused_")),
                                Arrays.stream(ResumeRefusedException.Reason.values())
                                        .map(ResumeRefusedException.Reason::label))),
                row("`reason` of a drop", Arrays.stream(DropReason.values()).map(DropReason::label)),
                row("`direction` of messages", Arrays.stream(Direction.values()).map(Direction::label)),
                row("`kind` of messages", Arrays.stream(MessageKind.values()).map(MessageKind::label)),
                row("`source`", Arrays.stream(SpeechEnd.values()).map(SpeechEnd::label)));
    }

    private static Arguments row(String label, Stream<String> values) {
        return Arguments.of(label, values.collect(toCollection(TreeSet::new)));
    }

    @ParameterizedTest
    @MethodSource("labels")
    void thePageListsExactlyTheValuesOfTheCode(String label, Set<String> values) throws IOException {
        String start = "| " + label + " | ";
        String row = Files.readAllLines(Path.of("docs", "metrics.md")).stream()
                .filter(line -> line.startsWith(start))
                .findFirst()
                .orElse("");

        assertTrue(!row.isEmpty(), "a row for " + label);
        assertEquals(
                values,
                VALUE.matcher(row.substring(start.length()))
                        .results()
                        .map(value -> value.group(1))
                        .collect(toCollection(TreeSet::new)));
    }
}
