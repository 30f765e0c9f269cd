package dev.livebridge.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":40.0,\"b\":1e400,\"c\":0.10,\"d\":123456789012345678901234567890}",
                "{\"a\":null,\"b\":[true,false],\"c\":{},\"d\":[],\"e\":\"ä\\n\"}",
            })
    void keepsEveryDigit(String json) throws MalformedJsonException {
        assertEquals(json.replace("1e400", "1E+400"), StrictJson.write(StrictJson.read(json)));
    }

    static Stream<String> malformed() {
        return Stream.of(
                "",
                " ",
                "{",
                "}",
                "{}{}",
                "{} x",
                "{\"a\":1,}",
                "[1,]",
                "{\"a\":1,\"a\":2}",
                "{\"a\":{\"b\":1,\"b\":1}}",
                "{\"a\":NaN}",
                "{\"a\":Infinity}",
                "{\"a\":01}",
                "{\"a\":+1}",
                "{\"a\":.5}",
                "{'a':1}",
                "{a:1}",
                "{\"a\":\"\n\"}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12\"}",
                "{\"a\":\"open",
                "{\"a\":tru}",
                "{\"a\":1 /* no */}",
                "// no\n{}",
                "\u0000",
                "secret-word",
                "{\"a\":" + "9".repeat(2_000) + "}",
                "[".repeat(101) + "]".repeat(101),
                "{\"a\":".repeat(1_000) + "1" + "}".repeat(1_000),
                "[".repeat(1 << 20));
    }

    @ParameterizedTest
    @MethodSource
    void malformed(String text) {
        MalformedJsonException thrown = Assertions.assertTimeout(
                Duration.ofSeconds(5), () -> assertThrows(MalformedJsonException.class, () -> StrictJson.read(text)));

        assertFalse(String.valueOf(thrown.getMessage()).contains("secret"), "content must not be quoted");
    }

    @Test
    void nestingUpToTheLimitIsRead() throws MalformedJsonException {
        String text = "[".repeat(100) + "]".repeat(100);

        assertEquals(text, StrictJson.write(StrictJson.read(text)));
    }

    @Test
    void theMessageTellsThePlace() {
        MalformedJsonException thrown =
                assertThrows(MalformedJsonException.class, () -> StrictJson.read("{\n  \"a\": ?\n}"));

        assertEquals("not valid JSON at line 2, column 8", thrown.getMessage());
    }
}
