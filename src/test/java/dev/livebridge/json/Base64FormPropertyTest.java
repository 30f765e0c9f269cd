package dev.livebridge.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.livebridge.Trials;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class Base64FormPropertyTest {

    private static final int[] STRANGE_AND_NOT =
            "ABCDEFABCDEF+/=-_ \n\\éĀ\uD83D\uDE00".chars().toArray();

    @Test
    void everyAlphabetComesOutStandard() {
        Trials.run(1_000, random -> {
            byte[] data = Trials.bytes(random, 0, 300);
            Base64.Encoder encoder = random.nextBoolean() ? Base64.getUrlEncoder() : Base64.getEncoder();
            String given = (random.nextBoolean() ? encoder : encoder.withoutPadding()).encodeToString(data);

            assertEquals(Base64.getEncoder().encodeToString(data), Base64Form.standard(given));
        });
    }

    @Test
    void whatIsAcceptedIsWhatTheDecoderOfTheJdkAccepts() {
        Trials.run(5_000, random -> {
            StringBuilder given = new StringBuilder();
            for (int length = random.nextInt(41); length > 0; length--) {
                given.append((char) STRANGE_AND_NOT[random.nextInt(STRANGE_AND_NOT.length)]);
            }

            assertEquals(expected(given.toString()), Base64Form.standard(given.toString()));
        });
    }

    @Test
    void oneStrangeCharacterAnywhereIsFound() {
        Trials.run(2_000, random -> {
            StringBuilder given = new StringBuilder(Base64.getEncoder().encodeToString(Trials.bytes(random, 1, 100)));
            char invalid = (char) random.nextInt(random.nextBoolean() ? 128 : Character.MAX_VALUE + 1);
            given.setCharAt(random.nextInt(given.length()), invalid);

            assertEquals(expected(given.toString()), Base64Form.standard(given.toString()));
        });
    }

    /** By decoding and encoding again; unused bits at the end are the one thing that gets lost on that way. */
    private static @Nullable String expected(String given) {
        String standard = given.replace('-', '+').replace('_', '/');
        try {
            Base64.getDecoder().decode(standard);
        } catch (IllegalArgumentException e) {
            return null;
        }
        // The JDK takes a lone surrogate or a foreign letter for a question mark, which it refuses, too.
        return standard + "=".repeat(-standard.length() & 3);
    }
}
