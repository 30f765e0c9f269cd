package dev.livebridge.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonCursorTest {

    @Test
    void walksOverPrettyPrintedJson() {
        JsonCursor in = new JsonCursor(Utf8Slice.of(" {\r\n\t\"some_key\" : [ \"value\" ] }\n"));

        assertTrue(in.take('{'));
        assertTrue(in.takeKey("someKey", "some_key"));
        assertTrue(in.take('['));
        assertEquals("value", in.takeSlice());
        assertTrue(in.take(']'));
        assertTrue(in.take('}'));
        assertTrue(in.atEnd());
    }

    @Test
    void staysWhereItIsWhenSomethingElseFollows() {
        JsonCursor in = new JsonCursor(Utf8Slice.of("\"key\": 1"));

        assertFalse(in.take('{'));
        assertFalse(in.takeKey("other"));
        assertFalse(in.takeKey("ke"));
        assertFalse(in.takeKey("keys"));
        assertTrue(in.takeKey("key"));
        assertNull(in.takeSlice());
        assertFalse(in.atEnd());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"", "\"key", "\"key\"", "\"key\" ", "\"key \":", "'key':", "key:"})
    void brokenKeysAreNotTaken(String text) {
        assertFalse(new JsonCursor(Utf8Slice.of(text)).takeKey("key"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"", "\"never closed", "7"})
    void brokenStringsAreNotTaken(String text) {
        assertNull(new JsonCursor(Utf8Slice.of(text)).takeSlice());
    }

    @Test
    void aSliceEndsAtAnEscapedQuotationMarkOnItsBackslash() {
        assertEquals("AB\\", new JsonCursor(Utf8Slice.of("\"AB\\\"CD\"")).takeSlice());
    }

    /** Eight bytes are tested at a time. */
    @Test
    void aStringEndsAtTheFirstQuotationMarkWhereverItIs() {
        for (int length = 0; length < 40; length++) {
            for (int before = 0; before < 9; before++) {
                String value = "!#".repeat(20).substring(0, length);
                String text = " ".repeat(before) + "\"" + value + "\",\"\"\"\"";

                JsonCursor in = new JsonCursor(Utf8Slice.of(text));

                assertEquals(value, in.takeSlice(), text);
                assertTrue(in.take(','));
            }
        }
    }

    @Test
    void charactersOfSeveralBytesStayWhole() {
        JsonCursor in = new JsonCursor(Utf8Slice.of("\"grüße 漢字 😀\""));

        assertEquals("grüße 漢字 😀", in.takeSlice());
        assertTrue(in.atEnd());
    }

    @Test
    void nothingOutsideTheSliceIsRead() {
        byte[] bytes = "{\"key\":\"value\"}".getBytes(UTF_8);

        assertFalse(new JsonCursor(new Utf8Slice(bytes, 1, 5)).takeKey("key"));
        assertNull(new JsonCursor(new Utf8Slice(bytes, 7, 13)).takeSlice());
        assertEquals("value", new JsonCursor(new Utf8Slice(bytes, 7, 14)).takeSlice());
        assertTrue(new JsonCursor(new Utf8Slice(bytes, 7, 7)).atEnd());
    }

    @Test
    void theDataOfABlobIsInStandardForm() {
        assertEquals(
                new JsonCursor.Blob("audio/pcm", "+/+/AA=="),
                new JsonCursor(Utf8Slice.of("{\"mimeType\":\"audio/pcm\",\"data\":\"-_-_AA\"}")).takeBlob());
        assertEquals(
                new JsonCursor.Blob("audio/pcm", "AAAA"),
                new JsonCursor(Utf8Slice.of("{\"data\":\"AAAA\", \"mime_type\" : \"audio/pcm\"}")).takeBlob());
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "AA=", "ä000", "AA\\u0041", "A A="})
    void aBlobWhoseDataIsNoBase64IsNotTaken(String data) {
        assertNull(new JsonCursor(Utf8Slice.of("{\"mimeType\":\"audio/pcm\",\"data\":\"" + data + "\"}")).takeBlob());
    }
}
