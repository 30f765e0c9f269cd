package dev.livebridge.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Base64;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.jspecify.annotations.Nullable;

class Base64FormPropertyTest {

    @Property
    void everyAlphabetComesOutStandard(
            @ForAll @Size(max = 300) byte[] data, @ForAll boolean urlSafe, @ForAll boolean padded) {
        Base64.Encoder encoder = urlSafe ? Base64.getUrlEncoder() : Base64.getEncoder();
        String given = (padded ? encoder : encoder.withoutPadding()).encodeToString(data);

        assertEquals(Base64.getEncoder().encodeToString(data), Base64Form.standard(given));
    }

    @Property
    void whatIsAcceptedIsWhatTheDecoderOfTheJdkAccepts(
            @ForAll
                    @StringLength(max = 40)
                    @CharRange(from = 'A', to = 'F')
                    @Chars({'+', '/', '=', '-', '_', ' ', '\n', '\\', 'é', 'Ā', '\uD83D', '\uDE00'})
                    String given) {
        assertEquals(expected(given), Base64Form.standard(given));
    }

    @Property
    void oneStrangeCharacterAnywhereIsFound(
            @ForAll @Size(min = 1, max = 100) byte[] data, @ForAll char stranger, @ForAll int place) {
        StringBuilder given = new StringBuilder(Base64.getEncoder().encodeToString(data));
        given.setCharAt(Math.floorMod(place, given.length()), stranger);

        assertEquals(expected(given.toString()), Base64Form.standard(given.toString()));
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
