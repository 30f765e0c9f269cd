package dev.livebridge.json;

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
        JsonCursor in = new JsonCursor(" {\r\n\t\"some_key\" : [ \"value\" ] }\n");

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
        JsonCursor in = new JsonCursor("\"key\": 1");

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
        assertFalse(new JsonCursor(text).takeKey("key"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"", "\"never closed", "7"})
    void brokenStringsAreNotTaken(String text) {
        assertNull(new JsonCursor(text).takeSlice());
    }

    @Test
    void aSliceEndsAtAnEscapedQuotationMarkOnItsBackslash() {
        assertEquals("AB\\", new JsonCursor("\"AB\\\"CD\"").takeSlice());
    }
}
