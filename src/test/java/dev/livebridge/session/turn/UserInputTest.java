package dev.livebridge.session.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ClientMessage;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a message of the client says about its user. */
class UserInputTest {

    private static final long START = 1_000;
    private static final long NOW = 5_000;

    private final UserInput input = new UserInput(START);

    enum Noted {
        SPEECH,
        TYPED,
        NOTHING
    }

    static Stream<Arguments> messages() {
        return Stream.of(
                arguments(new ClientMessage.Audio(speech(), "audio/pcm"), Noted.SPEECH),
                arguments(new ClientMessage.Audio(Base64Text.encode(new byte[16_000]), "audio/pcm"), Noted.NOTHING),
                arguments(new ClientMessage.Audio(new Base64Text("not base64!"), "audio/pcm"), Noted.NOTHING),
                arguments(new ClientMessage.UserTurn("Hello"), Noted.TYPED),
                arguments(new ClientMessage.RealtimeText("Hello"), Noted.TYPED),
                arguments(new ClientMessage.ClientContent("{}", List.of()), Noted.TYPED),
                arguments(ClientMessage.Signal.ACTIVITY_START, Noted.NOTHING),
                arguments(ClientMessage.Signal.ACTIVITY_END, Noted.SPEECH),
                arguments(ClientMessage.Signal.AUDIO_STREAM_END, Noted.NOTHING),
                arguments(new ClientMessage.Setup("{}"), Noted.NOTHING),
                arguments(new ClientMessage.Resume("token"), Noted.NOTHING),
                arguments(new ClientMessage.Video(new Base64Text("AAAA"), "image/jpeg"), Noted.NOTHING),
                arguments(new ClientMessage.ToolResponse(List.of()), Noted.NOTHING),
                arguments(new ClientMessage.LateResult("f", "{}"), Noted.NOTHING),
                arguments(new ClientMessage.ContextUpdate("{}"), Noted.NOTHING),
                arguments(new ClientMessage.LeftOut(List.of("x")), Noted.NOTHING),
                arguments(new ClientMessage.Ping(1, 1), Noted.NOTHING));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void aMessageIsSpeechOrTypedTextOrNeither(ClientMessage message, Noted noted) {
        input.onClientMessage(message, NOW);

        assertEquals(noted == Noted.SPEECH ? NOW : START - 1, input.lastSpeechNanos());
        assertEquals(noted == Noted.TYPED ? NOW : START - 1, input.lastTypedNanos());
    }

    @Test
    void activityIsMarkedFromItsStartToItsEnd() {
        assertEquals(false, input.activityMarked());

        input.onClientMessage(ClientMessage.Signal.ACTIVITY_START, NOW);
        assertEquals(true, input.activityMarked());
        input.onClientMessage(ClientMessage.Signal.AUDIO_STREAM_END, NOW);
        assertEquals(true, input.activityMarked());
        input.onClientMessage(ClientMessage.Signal.ACTIVITY_END, NOW);

        assertEquals(false, input.activityMarked());
    }

    /** Half a second of 16-bit samples at 16 kHz, as loud as a voice. */
    static Base64Text speech() {
        byte[] pcm = new byte[16_000];
        for (int i = 1; i < pcm.length; i += 2) {
            pcm[i] = 0x20;
        }
        return Base64Text.encode(pcm);
    }
}
