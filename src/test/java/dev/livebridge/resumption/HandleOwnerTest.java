package dev.livebridge.resumption;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandleOwnerTest {

    private static HandleOwner owner(@Nullable String subject, @Nullable String setup) {
        return HandleOwner.of(subject, setup == null ? null : "id", setup, List.of("model"));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, -, -, -, true",
                "key:a, -, key:a, -, true",
                "key:a, -, key:b, -, false",
                "-, -, key:a, -, false",
                "key:a, -, -, -, false",
                "key:a, {}, key:a, {}, true",
                "key:a, {}, key:b, {}, false",
                "key:a, {}, key:a, other, false",
                // A token with a lock and the handle of a conversation without it.
                "key:a, -, key:a, {}, false",
                // The issuer itself may do more than its token.
                "key:a, {}, key:a, -, true",
            })
    void aHandleIsForItsSubjectAndItsLock(
            @Nullable String subject,
            @Nullable String lock,
            @Nullable String callerSubject,
            @Nullable String callerLock,
            boolean admitted) {
        assertEquals(admitted, owner(subject, lock).admits(owner(callerSubject, callerLock)));
    }

    @Test
    void theLockHasItsMask() {
        HandleOwner other = HandleOwner.of("key:a", "id", "{}", List.of("tools"));

        assertFalse(owner("key:a", "{}").admits(other));
    }

    @Test
    void theSubjectIsNotInItsText() {
        assertFalse(owner("key:canary", null).toString().contains("canary"));
    }
}
