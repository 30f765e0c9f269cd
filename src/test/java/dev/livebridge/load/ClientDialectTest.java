package dev.livebridge.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The wire formats as clients speak them, against frames written by hand. */
class ClientDialectTest {

    private static final List<ServiceMessage> NOT_UNDERSTOOD =
            List.of(new ServiceMessage.Problem("not_understood", false));

    @ParameterizedTest
    @EnumSource
    void whatIsNoMessageOfTheDialectIsReported(DialectName name) {
        for (String broken : new String[] {"", "?", "[]", "\"audio\"", "{\"type\":", "3"}) {
            assertEquals(NOT_UNDERSTOOD, name.open().decode(broken), broken);
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "TUTORIAL | {\"audio\":\"%%\"}",
                "GEMINI   | {\"serverContent\":{\"modelTurn\":{\"parts\":[{\"inlineData\":{\"data\":\"%%\"}}]}}}"
            })
    void soundThatIsNotBase64IsReported(DialectName name, String frame) {
        assertEquals(NOT_UNDERSTOOD, name.open().decode(frame));
    }

    @Test
    void liveTellsMovesTokensAndReadiness() {
        ClientDialect live = DialectName.LIVE.open();

        assertEquals(
                List.of(new ServiceMessage.Ready(false, false)), live.decode("{\"type\":\"ready\",\"session\":\"s\"}"));
        assertEquals(
                List.of(new ServiceMessage.Ready(true, true)),
                live.decode("{\"type\":\"ready\",\"resumed\":true,\"memory\":\"rebuilt\"}"));
        assertEquals(List.of(new ServiceMessage.Token("t")), live.decode("{\"type\":\"resumeToken\",\"token\":\"t\"}"));
        assertEquals(List.of(new ServiceMessage.Migrate("t")), live.decode("{\"type\":\"migrate\",\"token\":\"t\"}"));
        assertEquals(List.of(new ServiceMessage.Nothing()), live.decode("{\"type\":\"somethingNew\"}"));
        assertEquals(new Frame.Text("{\"resume\":{\"token\":\"t\"}}"), live.resume("t"));
    }

    @Test
    void liveCarriesSoundBehindAHeader() {
        ClientDialect live = DialectName.LIVE.open();

        live.sound(new byte[] {9, 9});
        Frame.Binary second = assertInstanceOf(Frame.Binary.class, live.sound(new byte[] {5, 6}));
        ServiceMessage heard =
                live.decode(new byte[] {(byte) 129, 1, 1, 0, 0, 0, 0, 0, 7, 8}).getFirst();

        assertEquals(10, second.data().length);
        assertEquals(1, second.data()[0], "the kind of a microphone");
        assertEquals(1, second.data()[2], "the second frame's number");
        assertEquals(6, second.data()[9]);
        assertArrayEquals(
                new byte[] {7, 8},
                assertInstanceOf(ServiceMessage.Sound.class, heard).pcm());
        assertEquals(NOT_UNDERSTOOD, live.decode(new byte[] {(byte) 129, 0, 0, 0, 0, 0, 0, 0}));
        assertEquals(NOT_UNDERSTOOD, live.decode(new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 7, 8}));
    }

    @Test
    void theTutorialsMessagesAreDistinguished() {
        ClientDialect tutorial = DialectName.TUTORIAL.open();

        ServiceMessage sound = tutorial.decode("{\"audio\":\"Bwg=\"}").getFirst();

        assertArrayEquals(
                new byte[] {7, 8},
                assertInstanceOf(ServiceMessage.Sound.class, sound).pcm());
        assertEquals(List.of(new ServiceMessage.Interrupted()), tutorial.decode("{\"interrupted\":true}"));
        assertEquals(List.of(new ServiceMessage.TurnComplete()), tutorial.decode("{\"turn_complete\":true}"));
        assertEquals(
                List.of(new ServiceMessage.Problem("drain", false)),
                tutorial.decode("{\"error\":{\"code\":\"drain\",\"message\":\"m\"}}"));
        assertEquals(List.of(), tutorial.decode("{\"text\":\"hello\"}"));
    }

    @Test
    void geminisMessagesMayHoldSeveralThings() {
        ClientDialect gemini = DialectName.GEMINI.open();
        String frame = "{\"serverContent\":{\"modelTurn\":{\"parts\":[{\"inlineData\":{\"data\":\"Bwg=\"}},"
                + "{\"text\":\"t\"}]},\"turnComplete\":true},\"usageMetadata\":{}}";

        List<ServiceMessage> messages = gemini.decode(frame.getBytes(StandardCharsets.UTF_8));

        assertEquals(2, messages.size());
        assertArrayEquals(
                new byte[] {7, 8},
                assertInstanceOf(ServiceMessage.Sound.class, messages.getFirst())
                        .pcm());
        assertEquals(new ServiceMessage.TurnComplete(), messages.getLast());
        assertEquals(List.of(new ServiceMessage.Ready(false, false)), gemini.decode("{\n  \"setupComplete\": {}\n}\n"));
    }

    @ParameterizedTest
    @EnumSource
    void theInstructionIsPartOfTheSetup(DialectName name) {
        ClientDialect dialect = name.open();

        assertInstanceOf(Frame.Text.class, dialect.setup(""));
        Frame.Text instructed = assertInstanceOf(Frame.Text.class, dialect.setup("echo \"this\""));

        assertEquals(
                "echo \"this\"",
                assertNotNullTree(instructed.text()).findValue("text").asText());
    }

    private static JsonNode assertNotNullTree(String text) {
        JsonNode tree = Json.read(text);
        assertNotNull(tree);
        return tree;
    }
}
