package dev.livebridge.simulator;

import dev.livebridge.simulator.Fault.Moment;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Faults as text, for the {@code fault} query parameter: {@code name[:argument[:argument]][@moment]}, where a moment is
 * {@code setup} (in place of setupComplete), {@code ready} (right after it), {@code 500ms} (so long after it) or
 * {@code 3messages} (with the third client message after the setup).
 */
final class FaultText {

    private static final Pattern TEXT = Pattern.compile("([a-z-]+)(?::([^:@]*))?(?::([^@]*))?(?:@([a-z0-9]+))?");
    private static final Pattern MOMENT = Pattern.compile("setup|ready|(\\d{1,6})ms|(\\d{1,6})messages?");

    private FaultText() {}

    /** @throws IllegalArgumentException when the text names no fault */
    static Fault parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a fault: " + text);
        }
        String first = matcher.group(2) == null ? "" : matcher.group(2);
        String second = matcher.group(3) == null ? "" : matcher.group(3);
        Moment moment = moment(matcher.group(4) == null ? "ready" : matcher.group(4));
        return switch (matcher.group(1)) {
            case "refuse" -> new Fault.RefuseUpgrade(number(first, 503));
            case "close" -> new Fault.Close(number(first, 1011), second, moment);
            case "drop" -> new Fault.Drop(moment);
            case "stall" -> new Fault.Stall(moment);
            case "go-away" -> new Fault.GoAway(Duration.ofSeconds(number(first, 50)), moment);
            case "huge-message" -> new Fault.HugeMessage(number(first, 1 << 20), moment);
            case "late-pongs" -> new Fault.LatePongs(millis(first, 8_000));
            case "split-frames" -> new Fault.SplitFrames(number(first, 3));
            case "bundled" -> new Fault.Bundled();
            case "unbundled" -> new Fault.Unbundled();
            case "no-usage" -> new Fault.MissingUsage();
            case "slow-audio" -> new Fault.SlowAudio(first.isEmpty() ? 0.8 : Double.parseDouble(first));
            case "no-turn-complete" -> new Fault.MissingTurnComplete();
            case "poisoned" -> new Fault.Poisoned();
            case "empty-messages" -> new Fault.EmptyMessages(millis(first, 500));
            case "resumption-updates" -> new Fault.ResumptionUpdates(millis(first, 1_200));
            case "unknown-fields" -> new Fault.UnknownFields();
            case "swallowed-setup" -> new Fault.SwallowedSetup();
            case "lost-prefill" -> new Fault.LostPrefill();
            case "silently-dropped-calls" -> new Fault.SilentlyDroppedCalls();
            case "fractional-durations" -> new Fault.FractionalDurations();
            default -> throw new IllegalArgumentException("no such fault: " + matcher.group(1));
        };
    }

    private static Moment moment(String text) {
        Matcher matcher = MOMENT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a moment: " + text);
        }
        if (matcher.group(1) != null) {
            return new Moment.AfterSetupComplete(Duration.ofMillis(Long.parseLong(matcher.group(1))));
        }
        if (matcher.group(2) != null) {
            return new Moment.AfterMessages(Integer.parseInt(matcher.group(2)));
        }
        return text.equals("setup") ? new Moment.BeforeSetupComplete() : new Moment.AfterSetupComplete(Duration.ZERO);
    }

    private static int number(String text, int otherwise) {
        return text.isEmpty() ? otherwise : Integer.parseInt(text);
    }

    private static Duration millis(String text, int otherwise) {
        return Duration.ofMillis(number(text, otherwise));
    }
}
