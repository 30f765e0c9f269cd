package dev.livebridge.resumption;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.message.AgentSetup;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.UsageTotals;
import dev.livebridge.resumption.HandleSealer.Handle;
import dev.livebridge.resumption.ResumeRefusedException.Reason;
import io.quarkus.runtime.LaunchMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sealed handles, which only this service can open. */
class HandleSealerTest {

    private static final Handle HANDLE = new Handle("a1b2-handle", "gemini-3.8-live");
    private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);

    private Instant now = Instant.parse("2026-11-27T12:00:00Z");

    private final HandleSealer sealer = sealer(KEY);

    private HandleSealer sealer(String key) {
        return new HandleSealer(new ResumptionKeys(List.of(key), LaunchMode.TEST), () -> now);
    }

    private static Reason refusal(HandleSealer sealer, String sealed) {
        return assertThrows(ResumeRefusedException.class, () -> sealer.open(sealed))
                .reason();
    }

    @Test
    void isOpenedByEveryInstanceWithTheKey() throws ResumeRefusedException {
        String sealed = sealer.seal(HANDLE);

        assertEquals(HANDLE, sealer.open(sealed));
        assertEquals(HANDLE, sealer(KEY).open(sealed));
        assertFalse(sealed.contains("handle"));
        assertTrue(sealed.length() < 400, sealed);
        assertFalse(HANDLE.toString().contains("a1b2"));
    }

    @Test
    void isNotOpenedWithAnotherKey() {
        String other =
                Base64.getEncoder().encodeToString("another key of thirty-two bytes!".getBytes(StandardCharsets.UTF_8));

        assertEquals(Reason.UNKNOWN_KEY, refusal(sealer(other), sealer.seal(HANDLE)));
    }

    @Test
    void isGoodAsLongAsTheServiceKeepsTheSession() throws ResumeRefusedException {
        String sealed = sealer.seal(HANDLE);

        now = now.plus(Duration.ofHours(2)).minusMillis(1);
        assertEquals(HANDLE, sealer.open(sealed));
        now = now.plusMillis(1);
        assertEquals(Reason.EXPIRED, refusal(sealer, sealed));
    }

    @Test
    void isRefusedWhicheverCharacterWasChanged() {
        String sealed = sealer.seal(HANDLE);
        for (int at = 0; at < sealed.length(); at++) {
            char other = sealed.charAt(at) == 'A' ? 'B' : 'A';
            String changed = sealed.substring(0, at) + other + sealed.substring(at + 1);
            assertThrows(ResumeRefusedException.class, () -> sealer.open(changed));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "HANDLE-OF-SOMEBODY-ELSE", "3f2504e0-4f89-11d3-9a0c-0305e82c3301", "\u0000", "ü", "AgA"})
    void isNothingThatWasNotSealed(String handle) {
        assertEquals(Reason.MALFORMED, refusal(sealer, handle));
    }

    @Test
    void isRefusedUnreadWhenItIsHuge() {
        assertEquals(Reason.MALFORMED, refusal(sealer, "A".repeat(1_000_000)));
    }

    @Test
    void isNoResumeTokenAndNoResumeTokenIsOne() {
        ResumptionKeys keys = new ResumptionKeys(List.of(KEY), LaunchMode.TEST);
        TokenSealer tokens = new TokenSealer(keys, () -> now);
        String token = tokens.seal(new ResumeToken(
                        ResumeToken.Purpose.RESUME,
                        "id",
                        1,
                        now,
                        now.plusSeconds(60),
                        now,
                        null,
                        null,
                        null,
                        "h",
                        "m",
                        new ClientMessage.Setup("{}"),
                        List.of(),
                        null,
                        UsageTotals.NONE))
                .orElseThrow();

        assertEquals(Reason.MALFORMED, refusal(sealer, token));
        assertEquals(
                Reason.MALFORMED,
                assertThrows(
                                ResumeRefusedException.class,
                                () -> tokens.open(sealer.seal(HANDLE), ResumeToken.Purpose.RESUME, null))
                        .reason());
    }

    @Test
    void aHandleKeepsTheAgentAndTheOwnerOfItsConversation() throws ResumeRefusedException {
        Handle handle = new Handle("h", "m", TokenSealerTest.AGENT, new HandleOwner("key:a", "id", "digest"));

        String sealed = sealer.seal(handle);

        assertEquals(handle, sealer.open(sealed));
        assertFalse(handle.toString().contains("canary"), handle.toString());
    }

    @Test
    void theLargestAgentFitsIntoAHandle() throws ResumeRefusedException {
        String text = new Random(1)
                .ints(30 * 1024, 'a', 'z' + 1)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
        AgentSetup agent =
                new AgentSetup("a", "b", "{\"a\":\"" + text + "\"}", List.of(), Set.of(), true, AgentSetup.Limits.NONE);

        String sealed = sealer.seal(new Handle("h", "m", agent, HandleOwner.NONE));

        assertTrue(sealed.length() < HandleSealer.MAX_CHARACTERS, "characters: " + sealed.length());
        assertEquals(agent, sealer.open(sealed).agent());
    }
}
