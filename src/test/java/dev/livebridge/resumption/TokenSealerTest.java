package dev.livebridge.resumption;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.message.AgentPart;
import dev.livebridge.message.AgentSetup;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.TranscriptEntry;
import dev.livebridge.message.UsageTotals;
import dev.livebridge.resumption.ResumeRefusedException.Reason;
import dev.livebridge.resumption.ResumeToken.Purpose;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenSealerTest {

    private static final ResumptionKeys KEYS = Tokens.keys("k1:" + Tokens.key(1));

    private Instant now = Tokens.NOW;
    private final TokenSealer sealer = sealer(KEYS);

    private TokenSealer sealer(ResumptionKeys keys) {
        return new TokenSealer(keys, () -> now);
    }

    // ---- what comes back ---------------------------------------------------------------------------------------

    @Test
    void openingGivesBackWhatWasSealed() throws ResumeRefusedException {
        ResumeToken token = Tokens.token("ada", "{\"systemInstruction\":\"Speak \\\"plainly\\\".\"}", Tokens.talk(40));

        assertEquals(token, sealer.open(seal(token), Purpose.RESUME, "ada"));
    }

    @Test
    void whatMayBeAbsentStaysAbsent() throws ResumeRefusedException {
        ResumeToken token = new ResumeToken(
                Purpose.RESUME,
                "id",
                1,
                Tokens.NOW,
                Tokens.NOW.plusSeconds(9),
                Tokens.NOW,
                null,
                null,
                null,
                null,
                "m",
                new ClientMessage.Setup("{}"),
                List.of(),
                null,
                UsageTotals.NONE);

        assertEquals(token, sealer.open(seal(token), Purpose.RESUME, null));
    }

    @Test
    void twoSealsOfOneTokenDiffer() {
        assertNotEquals(seal(Tokens.token()), seal(Tokens.token()));
    }

    @Test
    void nothingOfItCanBeRead() {
        byte[] raw = Base64.getUrlDecoder().decode(seal(Tokens.token("ada", "{}", Tokens.talk(3))));
        String seen = new String(raw, ISO_8859_1);

        for (String secret : List.of("ada", "sentence", "handle-7", "10.1.2.3", "gemini")) {
            assertFalse(seen.contains(secret), secret);
        }
    }

    @Test
    void aLongTalkLosesItsBeginning() throws ResumeRefusedException {
        List<TranscriptEntry> talk = Tokens.talk(5_000);

        ResumeToken opened = sealer.open(seal(Tokens.token(null, "{}", talk)), Purpose.RESUME, null);

        int kept = opened.transcript().size();
        assertTrue(kept > 100 && kept < 1_000, kept + " lines");
        assertEquals(talk.subList(talk.size() - kept, talk.size()), opened.transcript());
    }

    @Test
    void aLargeSetupTakesTheTranscriptsRoomAndThenTooMuch() throws ResumeRefusedException {
        String large = "{\"a\":\"" + "x".repeat(48 * 1024 - 1_000) + "\"}";
        String tooLarge = "{\"a\":\"" + "x".repeat(48 * 1024) + "\"}";

        ResumeToken opened = sealer.open(seal(Tokens.token(null, large, Tokens.talk(500))), Purpose.RESUME, null);

        assertEquals(large, opened.setup().json());
        assertTrue(opened.transcript().size() < 20, opened.transcript().size() + " lines");
        assertTrue(sealer.seal(Tokens.token(null, tooLarge, List.of())).isEmpty());
    }

    @Test
    void theLargestTokenCanBeOpened() throws ResumeRefusedException {
        StringBuilder noise = new StringBuilder();
        new Random(1).ints(46 * 1024, 'A', 'z').filter(c -> c != '\\').forEach(c -> noise.append((char) c));

        String sealed = seal(Tokens.token(null, noise.toString(), Tokens.talk(500)));

        assertTrue(sealed.length() <= TokenSealer.MAX_TOKEN_CHARACTERS, sealed.length() + " characters");
        assertEquals(
                noise.toString(),
                sealer.open(sealed, Purpose.RESUME, null).setup().json());
    }

    // ---- keys ------------------------------------------------------------------------------------------------

    @Test
    void keysAreChangedWithoutLosingATokenThatIsStillGood() throws ResumeRefusedException {
        String old = seal(Tokens.token());
        TokenSealer during = sealer(Tokens.keys("k2:" + Tokens.key(2), "k1:" + Tokens.key(1)));
        TokenSealer after = sealer(Tokens.keys("k2:" + Tokens.key(2)));

        assertEquals(Tokens.token(), during.open(old, Purpose.RESUME, null));
        assertEquals(Tokens.token(), after.open(during.seal(Tokens.token()).orElseThrow(), Purpose.RESUME, null));
        assertEquals(Reason.UNKNOWN_KEY, refusal(after, old, null));
    }

    @Test
    void anotherKeyOfTheSameNameOpensNothing() {
        TokenSealer stranger = sealer(Tokens.keys("k1:" + Tokens.key(9)));

        assertEquals(
                Reason.FORGED, refusal(sealer, stranger.seal(Tokens.token()).orElseThrow(), null));
    }

    // ---- refusals --------------------------------------------------------------------------------------------

    @Test
    void aTokenEndsWithItsLifetime() throws ResumeRefusedException {
        String sealed = seal(Tokens.token());

        now = Tokens.token().expiresAt().minusMillis(1);
        assertEquals(Tokens.token(), sealer.open(sealed, Purpose.RESUME, null));

        now = Tokens.token().expiresAt();
        assertEquals(Reason.EXPIRED, refusal(sealer, sealed, null));
        now = now.plus(Duration.ofDays(1));
        assertEquals(Reason.EXPIRED, refusal(sealer, sealed, null));
    }

    @Test
    void aTokenIsGoodForItsUserOnly() {
        String adas = seal(Tokens.token("ada", "{}", List.of()));

        assertEquals(Reason.FOREIGN, refusal(sealer, adas, "eve"));
        assertEquals(Reason.FOREIGN, refusal(sealer, adas, null));
        assertEquals(Reason.FOREIGN, refusal(sealer, seal(Tokens.token()), "eve"));
    }

    @ParameterizedTest
    @EnumSource(Purpose.class)
    void aTokenIsGoodForItsPurposeOnly(Purpose purpose) throws ResumeRefusedException {
        ResumeToken token = Tokens.token().without(purpose, null, Tokens.NOW, Tokens.NOW.plusSeconds(9));
        String sealed = seal(token);

        for (Purpose other : Purpose.values()) {
            if (other == purpose) {
                assertEquals(token, sealer.open(sealed, other, null));
            } else {
                ResumeRefusedException refusal =
                        assertThrows(ResumeRefusedException.class, () -> sealer.open(sealed, other, null));
                assertEquals(Reason.MISUSED, refusal.reason());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "AQ", "not base64!", "AQJrMQ", "AQ==", "\u0000", "////", "AQJrMQAAAAAAAAAAAAAAAA"})
    void whatIsNoTokenIsRefused(String text) {
        assertEquals(Reason.MALFORMED, refusal(sealer, text, null));
    }

    @Test
    void anEndlessTokenIsRefusedUnread() {
        assertEquals(Reason.MALFORMED, refusal(sealer, "A".repeat(10_000_000), null));
    }

    @Test
    void anotherVersionIsRefused() {
        byte[] raw = Base64.getUrlDecoder().decode(seal(Tokens.token()));
        raw[0] = 2;

        assertEquals(
                Reason.MALFORMED,
                refusal(sealer, Base64.getUrlEncoder().withoutPadding().encodeToString(raw), null));
    }

    /** Also if only an unused bit of the base64 text differs: a token has one canonical encoding. */
    @Test
    void noSingleCharacterCanBeChanged() {
        String sealed = seal(Tokens.token());
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

        for (int at = 0; at < sealed.length(); at++) {
            for (char other : new char[] {alphabet.charAt((alphabet.indexOf(sealed.charAt(at)) + 1) % 64), '='}) {
                String changed = sealed.substring(0, at) + other + sealed.substring(at + 1);
                refusal(sealer, changed, null);
            }
        }
    }

    @Test
    void randomMutationsAreRefusedAndNothingElseIsThrown() {
        Random random = new Random(20_261_125);
        String sealed = seal(Tokens.token("ada", "{}", Tokens.talk(10)));
        String other = seal(Tokens.token("ada", "{}", Tokens.talk(11)));

        for (int round = 0; round < 20_000; round++) {
            String mutant = mutate(sealed, other, random);
            if (!mutant.equals(sealed) && !mutant.equals(other)) {
                refusal(sealer, mutant, "ada");
            }
        }
    }

    private static String mutate(String sealed, String other, Random random) {
        StringBuilder mutant = new StringBuilder(sealed);
        int times = 1 + random.nextInt(4);
        for (int i = 0; i < times && !mutant.isEmpty(); i++) {
            int at = random.nextInt(mutant.length());
            switch (random.nextInt(6)) {
                case 0 -> mutant.setCharAt(at, (char) random.nextInt(128));
                case 1 -> mutant.deleteCharAt(at);
                case 2 -> mutant.insert(at, (char) random.nextInt(Character.MAX_VALUE));
                case 3 -> mutant.setLength(at);
                case 4 -> mutant.replace(at, mutant.length(), other.substring(Math.min(at, other.length())));
                default -> mutant.append(mutant.substring(at));
            }
        }
        return mutant.toString();
    }

    private String seal(ResumeToken token) {
        return sealer.seal(token).orElseThrow();
    }

    /** Asserts that a token is refused and that the exception holds nothing of it. */
    private static Reason refusal(TokenSealer sealer, String sealed, @Nullable String subject) {
        ResumeRefusedException refusal =
                assertThrows(ResumeRefusedException.class, () -> sealer.open(sealed, Purpose.RESUME, subject));
        assertEquals(refusal.reason().label(), refusal.getMessage());
        return refusal.reason();
    }

    static final AgentSetup AGENT = new AgentSetup(
            "desk",
            "0123456789ab",
            "{\"systemInstruction\":{\"parts\":[{\"text\":\"canary-instruction \\\"x\\\"\"}]}}",
            List.of("m1", "m2"),
            Set.of(AgentPart.VOICE, AgentPart.TURN_TAKING),
            false,
            new AgentSetup.Limits(Duration.ofMinutes(3), 5L, 7L));

    @Test
    void anAgentIsSealedWithTheSetup() throws ResumeRefusedException {
        ResumeToken with = withAgent(AGENT);
        ResumeToken without =
                withAgent(new AgentSetup("a", "b", "{}", List.of(), Set.of(), true, AgentSetup.Limits.NONE));

        assertEquals(with, sealer.open(seal(with), Purpose.RESUME, null));
        assertEquals(without, sealer.open(seal(without), Purpose.RESUME, null));
    }

    private static ResumeToken withAgent(AgentSetup agent) {
        return new ResumeToken(
                Purpose.RESUME,
                "id",
                1,
                Tokens.NOW,
                Tokens.NOW.plusSeconds(9),
                Tokens.NOW,
                null,
                null,
                null,
                null,
                "m",
                new ClientMessage.Setup("{}", null, agent),
                List.of(),
                null,
                UsageTotals.NONE);
    }
}
