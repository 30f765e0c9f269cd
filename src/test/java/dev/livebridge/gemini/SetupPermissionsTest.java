package dev.livebridge.gemini;

import static dev.livebridge.gemini.SetupFittingFixture.V25;
import static dev.livebridge.gemini.SetupFittingFixture.V38;
import static dev.livebridge.gemini.SetupFittingFixture.fit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.access.rules.Permissions;
import dev.livebridge.access.rules.Permissions.Modality;
import dev.livebridge.access.rules.Permissions.Otherwise;
import dev.livebridge.message.EndCause;
import dev.livebridge.message.Negotiated;
import dev.livebridge.session.upstream.UpstreamRefusedException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Setups that go beyond the permissions of their caller. JSON is written with single quotes. */
class SetupPermissionsTest {

    private static Permissions only(Otherwise otherwise) {
        return new Permissions(
                null,
                Set.of("gemini-2.5-flash-native-audio-latest"),
                Set.of(Modality.TEXT),
                false,
                false,
                false,
                true,
                null,
                null,
                null,
                otherwise);
    }

    @Test
    void whatACallerMayNotHaveIsLeftOutAndTold() throws UpstreamRefusedException {
        Negotiated agreed = fit(
                "{" + V38 + ",'systemInstruction':{'parts':[{'text':'Be rude'}]},"
                        + "'tools':[{'functionDeclarations':[{'name':'f'}]}],"
                        + "'generationConfig':{'responseModalities':['AUDIO','TEXT']}}",
                Map.of("livebridge.gemini.model", "gemini-2.5-flash-native-audio-latest"),
                only(Otherwise.TELL));

        assertEquals("gemini-2.5-flash-native-audio-latest", agreed.model());
        assertFalse(agreed.forwardAudio());
        assertTrue(agreed.transcriptAsText());
        assertFalse(agreed.setup().contains("Be rude"), agreed.setup());
        assertFalse(agreed.setup().contains("functionDeclarations"), agreed.setup());
        for (String what : List.of("gemini-3.8-live", "system instruction", "Tools", "AUDIO")) {
            assertTrue(
                    agreed.notices().stream()
                            .anyMatch(notice -> notice.contains(what) && notice.contains("for this caller")),
                    what + " is not told: " + agreed.notices());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{" + V38 + "}",
                "{" + V25 + ",'systemInstruction':{'parts':[{'text':'Be rude'}]}}",
                "{" + V25 + ",'tools':[{'functionDeclarations':[{'name':'f'}]}]}",
                "{" + V25 + ",'generationConfig':{'responseModalities':['AUDIO','TEXT']}}",
                "{" + V25 + ",'responseModalities':['AUDIO']}"
            })
    void aRuleMayRefuseWhatGoesBeyondIt(String setup) {
        UpstreamRefusedException refused =
                assertThrows(UpstreamRefusedException.class, () -> fit(setup, Map.of(), only(Otherwise.REFUSE)));

        assertEquals(EndCause.BAD_SETUP, refused.end().cause());
        assertTrue(
                refused.end().message().contains("for this caller"),
                refused.end().message());
    }

    @Test
    void theInstructionOfTheOperatorHoldsForACallerWithoutOne() throws UpstreamRefusedException {
        Negotiated agreed = fit(
                "{" + V25 + ",'systemInstruction':{'parts':[{'text':'Be rude'}]},"
                        + "'generationConfig':{'responseModalities':['TEXT']}}",
                Map.of(
                        "livebridge.policy.system-instruction", "prefix",
                        "livebridge.policy.system-instruction-text", "Be polite."),
                only(Otherwise.TELL));

        assertTrue(agreed.setup().contains("Be polite."), agreed.setup());
        assertFalse(agreed.setup().contains("Be rude"), agreed.setup());
    }
}
