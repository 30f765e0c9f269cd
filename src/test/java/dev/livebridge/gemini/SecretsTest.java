package dev.livebridge.gemini;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {

    private static final String KEY = "s3cr3t-of-a-fake/$1";

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "key AIzaSyExample_-9 refused|key [secret] refused",
                "key AQ.Ab8RN6-x.y refused|key [secret] refused",
                "auth_tokens/0f-a.b expired|[secret] expired",
                "sent ya29.a0-Ab_c|sent [secret]",
                "Authorization: Bearer abc|Authorization: [secret]",
                "Authorization: Token auth-0123456789abcdef|Authorization: [secret]",
                "GET /ws?key=abc&alt=json|GET /ws?[secret]&alt=json",
                "GET /ws?access_token=abc|GET /ws?[secret]",
                "x-goog-api-key: abc|x-goog-[secret]",
                "{\"api_key\":\"abc\"}|{\"[secret]\"}"
            },
            delimiter = '|')
    void takesOutWhatLooksLikeACredential(String text, String clean) {
        assertEquals(clean, Secrets.scrub(text, List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "API key not valid. Please pass a valid API key.",
                "Token has been used too many times",
                "auth token has expired",
                "models/gemini-9 is not found for API version v1beta, or is not supported for bidiGenerateContent.",
            })
    void leavesOrdinaryWordsAlone(String text) {
        assertEquals(text, Secrets.scrub(text, List.of(KEY)));
    }

    @Test
    void takesOutTheKeyWhereverItStands() {
        assertEquals("[secret] and [secret]!", Secrets.scrub(KEY + " and " + KEY + "!", List.of(KEY)));
    }

    @Test
    void takesOutTheKeyWhereTheTextWasCut() {
        for (int length = 6; length < KEY.length(); length++) {
            assertEquals("bad [secret]", Secrets.scrub("bad " + KEY.substring(0, length), List.of(KEY)));
        }
    }

    @Test
    void anEmptyKeyIsNoKey() {
        assertEquals("bad", Secrets.scrub("bad", List.of()));
    }

    @Test
    void isOneLine() {
        assertEquals("a b c d", Secrets.scrub(" a\r\nb\u0000\u001b\u2028c\u202ed\n", List.of()));
    }

    @Test
    void aKeyBrokenByControlCharactersIsTakenOut() {
        assertFalse(Secrets.scrub("key=\nabc", List.of()).contains("abc"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "API has not been used in project 123456789012 before|API has not been used in [internal] before",
                "consumer 'projects/123456789012'|consumer '[internal]'",
                "consumer 'project_number:123456789012'.|consumer '[internal]'.",
                "10.1.2.3:8080 said no|[internal] said no",
                "from 172.16.0.9, 192.168.1.1 and 100.64.0.1|from [internal], [internal] and [internal]",
                "x.svc.cluster.local:443 is down|[internal] is down",
                "metadata.google.internal|[internal]",
                "project 12 of 8.8.8.8 and 172.15.0.1 at local time|project 12 of 8.8.8.8 and 172.15.0.1 at local time",
                "API version v1beta, 110.1.2.3, 10.1.2|API version v1beta, 110.1.2.3, 10.1.2",
            })
    void whatTellsHowTheServiceIsRunIsTakenOut(String text, String clean) {
        assertEquals(clean, Secrets.scrub(text, List.of()));
    }

    @Test
    void isBoundedAndNeverEndsInHalfACharacter() {
        String clean = Secrets.scrub("x".repeat(299) + "😀".repeat(300), List.of());

        assertTrue(clean.length() <= 301);
        assertEquals("x".repeat(299) + "…", clean);
    }
}
