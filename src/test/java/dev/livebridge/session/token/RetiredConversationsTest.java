package dev.livebridge.session.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.livebridge.session.token.RetiredConversations.Retired;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetiredConversationsTest {

    private final RetiredConversations retired = new RetiredConversations(Duration.ofNanos(100));

    private static Retired at(long nanos) {
        return new Retired(1, false, false, null, nanos);
    }

    @Test
    void isForgottenWhenNoTokenCanBeGoodAnyMore() {
        retired.add("a", at(0));
        retired.add("b", at(100));
        assertNotNull(retired.find("a"));

        retired.add("c", at(101));

        assertNull(retired.find("a"));
        assertNotNull(retired.find("b"));
        assertNotNull(retired.find("c"));
    }

    @Test
    void whatHappenedLastCounts() {
        retired.add("a", at(0));
        retired.add("b", at(0));
        retired.add("a", at(50));

        retired.add("c", at(120));

        assertEquals(at(50), retired.find("a"));
        assertNull(retired.find("b"));
    }

    @Test
    void theFirstReplacementCounts() {
        Retired next = new Retired(2, false, false, null, 20);
        retired.add("a", at(0));

        assertEquals(at(0), retired.replace("a", at(0), next));
        assertEquals(next, retired.replace("a", at(0), at(30)), "what has replaced it is named");

        assertEquals(next, retired.find("a"));
        assertEquals(at(0), retired.replace("unknown", at(0), next));
        assertNull(retired.find("unknown"));
    }

    @Test
    void staysBounded() {
        for (int i = 0; i < 100_010; i++) {
            retired.add("s" + i, at(0));
        }

        assertNull(retired.find("s9"));
        assertNotNull(retired.find("s10"));
        assertNotNull(retired.find("s100009"));
    }
}
