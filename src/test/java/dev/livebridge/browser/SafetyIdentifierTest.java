package dev.livebridge.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.livebridge.access.Caller;
import dev.livebridge.access.CallerKind;
import dev.livebridge.access.SubjectHash;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.ClientMessage.Setup;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetyIdentifierTest {

    private static final SubjectHash HASH = new SubjectHash(new byte[] {1});
    private static final Caller ALICE =
            new Caller("oidc:alice", CallerKind.BEARER, Set.of(), "", null, Caller.DEFAULT_RULE);
    private static final String VALUE = HASH.of("oidc:alice");

    private static String labelled(String setup) {
        List<ClientMessage> out = new SafetyIdentifier(true, HASH).into(List.of(new Setup(setup)), ALICE);
        return ((Setup) out.getFirst()).json();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | {\"labels\":{\"safety_identifier\":\"HASH\"}}",
                "{\"labels\":null} | {\"labels\":{\"safety_identifier\":\"HASH\"}}",
                "{\"labels\":{\"team\":\"a\"}} | {\"labels\":{\"safety_identifier\":\"HASH\",\"team\":\"a\"}}",
                "{\"labels\":{\"safety_identifier\":\"oidc:mallory\"}} | {\"labels\":{\"safety_identifier\":\"HASH\"}}",
            })
    void theHashReplacesTheLabelOfTheClient(String setup, String expected) {
        assertEquals(expected.replace("HASH", VALUE), labelled(setup));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"labels\":[]}", "{\"labels\":\"x\"}", "{\"labels\":7}"})
    void labelsOfAnotherTypeAreUnchanged(String setup) {
        assertEquals(setup, labelled(setup));
    }

    @Test
    void ifDisabledTheMessagesAreUnchanged() {
        List<ClientMessage> messages = List.of(new Setup("{}"));

        assertSame(messages, new SafetyIdentifier(false, HASH).into(messages, ALICE));
    }
}
