package dev.livebridge.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldNamesTest {

    @ParameterizedTest
    @CsvSource({
        "text, text",
        "mimeType, mime_type",
        "enableAffectiveDialog, enable_affective_dialog",
        "already_snake, already_snake"
    })
    void snakeCase(String camelCase, String expected) {
        assertEquals(expected, FieldNames.snakeCase(camelCase));
    }
}
