package dev.livebridge.session.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.ServerMessage;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** When neither the user nor the model speaks and no answer is due. All times are milliseconds since the start. */
class PauseDetectorTest {

    private static final ServerMessage TURN_COMPLETE = new ServerMessage.TurnComplete(null);
    private static final ServerMessage GENERATION_COMPLETE = new ServerMessage.GenerationComplete();
    private static final ServerMessage BUSY = new ServerMessage.ResumptionUpdate(null, false, "{}");
    private static final ServerMessage SNAPSHOT = new ServerMessage.ResumptionUpdate("h", true, "{}");
    private static final ClientMessage SPEECH = new ClientMessage.Audio(UserInputTest.speech(), "audio/pcm");
    private static final ClientMessage SILENCE =
            new ClientMessage.Audio(Base64Text.encode(new byte[16_000]), "audio/pcm");
    private static final ClientMessage TYPED = new ClientMessage.UserTurn("Hello");

    private final UserInput user = new UserInput(0);
    private final PauseDetector detector = new PauseDetector(user, 0);

    sealed interface Event {}

    record User(int atMillis, ClientMessage message) implements Event {}

    record Model(int atMillis, ServerMessage message) implements Event {}

    static Stream<Arguments> conversations() {
        return Stream.of(
                // What happened, the time of the question, whether it is a pause.
                arguments(List.of(), 499, false),
                arguments(List.of(), 500, true),
                // An answer to speech is due for four seconds.
                arguments(List.of(user(1_000, SPEECH)), 1_400, false),
                arguments(List.of(user(1_000, SPEECH)), 5_000, false),
                arguments(List.of(user(1_000, SPEECH)), 5_001, true),
                arguments(List.of(user(1_000, SILENCE)), 1_001, true),
                arguments(List.of(user(1_000, SPEECH), model(1_200, TURN_COMPLETE)), 1_499, false),
                arguments(List.of(user(1_000, SPEECH), model(1_200, TURN_COMPLETE)), 1_500, true),
                // And so is one to typed text.
                arguments(List.of(user(1_000, TYPED)), 5_000, false),
                arguments(List.of(user(1_000, TYPED)), 5_001, true),
                arguments(List.of(user(1_000, TYPED), model(2_000, TURN_COMPLETE)), 2_000, true),
                arguments(List.of(model(2_000, TURN_COMPLETE), user(2_001, TYPED)), 2_002, false),
                arguments(List.of(user(1_000, SPEECH), user(3_000, TYPED)), 6_000, false),
                // A client that marks its user's activity is believed without limit.
                arguments(List.of(user(1_000, ClientMessage.Signal.ACTIVITY_START)), 120_000, false),
                arguments(
                        List.of(
                                user(1_000, ClientMessage.Signal.ACTIVITY_START),
                                user(9_000, ClientMessage.Signal.ACTIVITY_END)),
                        13_000,
                        false),
                arguments(
                        List.of(
                                user(1_000, ClientMessage.Signal.ACTIVITY_START),
                                user(9_000, ClientMessage.Signal.ACTIVITY_END)),
                        13_001,
                        true),
                // The model's own voice detection, in both of its spellings, for half a minute at most.
                arguments(List.of(model(1_000, activity("ACTIVITY_START"))), 30_999, false),
                arguments(List.of(model(1_000, activity("ACTIVITY_START"))), 31_000, true),
                arguments(List.of(model(1_000, activity("VAD_SIGNAL_TYPE_SOS"))), 30_999, false),
                arguments(
                        List.of(model(1_000, activity("ACTIVITY_START")), model(2_000, activity("ACTIVITY_END"))),
                        6_000,
                        false),
                arguments(
                        List.of(model(1_000, activity("ACTIVITY_START")), model(2_000, activity("ACTIVITY_END"))),
                        6_001,
                        true),
                arguments(
                        List.of(
                                model(1_000, activity("VAD_SIGNAL_TYPE_SOS")),
                                model(2_000, activity("VAD_SIGNAL_TYPE_EOS"))),
                        6_001,
                        true),
                arguments(List.of(model(1_000, activity("ACTIVITY_WHATEVER"))), 1_001, true),
                // Where the model detects, what the estimate takes for speech makes no answer due.
                arguments(
                        List.of(
                                model(1_000, activity("ACTIVITY_END")),
                                model(2_000, TURN_COMPLETE),
                                user(10_000, SPEECH)),
                        10_499,
                        false),
                arguments(
                        List.of(
                                model(1_000, activity("ACTIVITY_END")),
                                model(2_000, TURN_COMPLETE),
                                user(10_000, SPEECH)),
                        10_500,
                        true),
                // A model without a snapshot is at work, for half a minute at most.
                arguments(List.of(model(1_000, BUSY)), 30_999, false),
                arguments(List.of(model(1_000, BUSY)), 31_000, true),
                arguments(List.of(model(1_000, BUSY), model(2_000, SNAPSHOT)), 2_000, true),
                // The end of the content is not the end of the turn.
                arguments(List.of(user(1_000, TYPED), model(2_000, GENERATION_COMPLETE)), 2_000, false));
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void aPauseIsNoticed(List<Event> events, int askedMillis, boolean pause) {
        events.forEach(this::happens);

        assertEquals(pause, isPause(askedMillis, false));
        assertEquals(false, isPause(askedMillis, true), "never while the model's turn is open");
    }

    @Test
    void theContentOfATurnIsCompleteWithItsFirstSign() {
        assertEquals(0, detector.contentOverNanos());

        happens(model(1_000, GENERATION_COMPLETE));
        happens(model(2_000, TURN_COMPLETE));
        assertEquals(nanos(1_000), detector.contentOverNanos());

        happens(model(3_000, TURN_COMPLETE));
        assertEquals(nanos(3_000), detector.contentOverNanos(), "an interrupted turn has no generationComplete");
    }

    private void happens(Event event) {
        switch (event) {
            case User(int atMillis, ClientMessage message) -> user.onClientMessage(message, nanos(atMillis));
            case Model(int atMillis, ServerMessage message) -> detector.onServerMessage(message, nanos(atMillis));
        }
    }

    private boolean isPause(int atMillis, boolean turnOpen) {
        return detector.isPause(nanos(atMillis), turnOpen);
    }

    private static Event user(int atMillis, ClientMessage message) {
        return new User(atMillis, message);
    }

    private static Event model(int atMillis, ServerMessage message) {
        return new Model(atMillis, message);
    }

    private static ServerMessage activity(String type) {
        return new ServerMessage.VoiceActivity("voiceActivity", type, "{}");
    }

    private static long nanos(int millis) {
        return millis * 1_000_000L;
    }
}
