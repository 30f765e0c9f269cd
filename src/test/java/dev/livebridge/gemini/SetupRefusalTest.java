package dev.livebridge.gemini;

import static dev.livebridge.gemini.SetupFittingFixture.TRANSCRIBE;
import static dev.livebridge.gemini.SetupFittingFixture.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.livebridge.message.EndCause;
import dev.livebridge.session.upstream.RetryClass;
import dev.livebridge.session.upstream.UpstreamEnd;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Setups that are refused, with the reason. JSON is written with single quotes. */
class SetupRefusalTest {

    static Stream<Arguments> isRefusedWithItsReason() {
        return Stream.of(
                arguments("[]", "setup must be a JSON object."),
                arguments("{'generationConfig':[]}", "setup.generationConfig must be a JSON object."),
                arguments("{'model':7}", "setup.model must be a string."),
                arguments("{'model':'../../admin'}", "setup.model \"../../admin\" is not a model's name."),
                arguments(
                        "{'generationConfig':{'responseModalities':['VIDEO']}}",
                        "generationConfig.responseModalities can't hold \"VIDEO\"; ask for TEXT, AUDIO or both."),
                arguments(
                        "{'generationConfig':{'responseModalities':{'a':1}}}",
                        "generationConfig.responseModalities can't hold \"{\"a\":1}\"; ask for TEXT, AUDIO or both."),
                arguments(
                        "{" + TRANSCRIBE + ",'generationConfig':{'responseModalities':['AUDIO']}}",
                        "The model gemini-3.5-transcribe-live answers in text only; ask for TEXT."),
                arguments("{'tools':'search'}", "setup.tools must be a list of JSON objects."),
                arguments("{'tools':['search']}", "setup.tools must be a list of JSON objects."));
    }

    @ParameterizedTest
    @MethodSource
    void isRefusedWithItsReason(String setup, String reason) {
        assertEquals(new UpstreamEnd(1007, EndCause.BAD_SETUP, RetryClass.NEVER, reason), refusal(setup));
    }

    @Test
    void anUnknownVoiceIsRefusedWithTheKnownOnes() {
        UpstreamEnd end = refusal("{'generationConfig':{'speechConfig':{'voiceConfig':{'prebuiltVoiceConfig':"
                + "{'voiceName':'Bob'}}}}}");

        assertEquals(EndCause.BAD_SETUP, end.cause());
        assertTrue(end.message().startsWith("There is no voice \"Bob\". The voices are Zephyr, Puck,"));
    }

    @Test
    void aRefusalIsShortForALongSetup() {
        UpstreamEnd end = refusal("{'model':'x y" + "z".repeat(5000) + "'}");

        assertTrue(end.message().length() < 150, end.message());
    }
}
