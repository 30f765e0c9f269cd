package dev.livebridge.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Base64FormTest {

    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "AA==, AA==",
        "AA, AA==",
        "AAA=, AAA=",
        "AAA, AAA=",
        "AAAA, AAAA",
        "+/+/, +/+/",
        "-_-_, +/+/",
        "-_+/, +/+/",
        "_9j_2Q==, /9j/2Q==",
        "_9j_2Q, /9j/2Q==",
        "AAAAAAAAAAA_, AAAAAAAAAAA/",
    })
    void standardForm(String given, String expected) {
        assertEquals(expected, Base64Form.standard(given));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A",
                "AAAAA",
                "=",
                "==",
                "===",
                "====",
                "A===",
                "AA=",
                "AAA==",
                "AAAA=",
                "AAAA==",
                "AA==AAAA",
                "AA=A",
                "A=AA",
                "AAAA AAA",
                "AAAA\nAAAA",
                "AAAAAAAA\r\n",
                " AAA",
                "AAA ",
                "AAA\\",
                "\\/AA",
                "AA.A",
                "AA,A",
                "AAA\u0000",
                "AAA\u0080",
                "AAA\u00C1",
                "AAA\u0141",
                "AAAA\uD83D\uDE00AA",
                "AAAAAAAAAAAA\uD83D\uDE00",
                "AAAAAAAA\uFF21AAAAAAA"
            })
    void notBase64(String given) {
        assertNull(Base64Form.standard(given));
    }

    @Test
    void everyCharacterAtEveryPlaceIsJudgedAsTheAlphabetSays() {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_";
        for (int place = 0; place < 20; place++) {
            for (char c = 0; c < 0x180; c++) {
                if (c == '=') {
                    continue;
                }
                String given = "A".repeat(place) + c + "A".repeat(19 - place);
                String expected =
                        alphabet.indexOf(c) < 0 ? null : given.replace('-', '+').replace('_', '/');
                assertEquals(expected, Base64Form.standard(given), "character " + (int) c + " at " + place);
            }
        }
    }

    @Test
    void standardTextIsNotCopied() {
        byte[] data = new byte[32_000];
        new Random(1).nextBytes(data);
        String standard = Base64.getEncoder().encodeToString(data);

        assertSame(standard, Base64Form.standard(standard));
    }
}
