package dev.livebridge.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.browser.AddressLimits.Verdict;
import dev.livebridge.http.ClientAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressLimitsTest {

    private static final long SECOND = 1_000_000_000L;

    private long now;

    private AddressLimits limits(int maxSockets, double perSecond) {
        return new AddressLimits(maxSockets, perSecond, () -> now);
    }

    @Test
    void oneAddressHasSoManySocketsAtOnce() {
        AddressLimits limits = limits(2, 0);

        assertEquals(Verdict.ALLOWED, limits.open("a"));
        assertEquals(Verdict.ALLOWED, limits.open("a"));
        assertEquals(Verdict.TOO_MANY_OPEN, limits.open("a"));
        assertEquals(Verdict.ALLOWED, limits.open("b"), "another one is not affected");
        limits.closed("a");

        assertEquals(Verdict.ALLOWED, limits.open("a"));
    }

    @Test
    void oneAddressOpensSoManyASecond() {
        AddressLimits limits = limits(0, 2);

        for (int i = 0; i < 20; i++) {
            assertEquals(Verdict.ALLOWED, limits.open("a"));
            limits.closed("a");
        }
        assertEquals(Verdict.TOO_FAST, limits.open("a"));
        assertEquals(Verdict.ALLOWED, limits.open("b"));
        now += SECOND / 2;

        assertEquals(Verdict.ALLOWED, limits.open("a"));
        assertEquals(Verdict.TOO_FAST, limits.open("a"));
    }

    @Test
    void lessThanOneASecondStillAllowsOne() {
        AddressLimits limits = limits(0, 0.01);

        assertEquals(Verdict.ALLOWED, limits.open("a"));
        assertEquals(Verdict.TOO_FAST, limits.open("a"));
    }

    @Test
    void withoutLimitsNothingIsRemembered() {
        AddressLimits limits = limits(0, 0);

        for (int i = 0; i < 1_000; i++) {
            assertEquals(Verdict.ALLOWED, limits.open("address " + i));
        }

        assertEquals(0, limits.size());
    }

    @Test
    void theTableIsBounded() {
        AddressLimits limits = limits(0, 1);
        assertEquals(Verdict.ALLOWED, limits.open("stays open"));

        for (int i = 0; i < 2 * AddressLimits.MOST_ADDRESSES; i++) {
            limits.open("address " + i);
            limits.closed("address " + i);
        }

        assertTrue(limits.size() <= AddressLimits.MOST_ADDRESSES, limits.size() + " addresses");
    }

    @Test
    void addressesThatHaveNothingOpenAnyMoreAreForgotten() {
        AddressLimits limits = limits(0, 1);
        for (int i = 0; i < 100; i++) {
            limits.open("address " + i);
            limits.closed("address " + i);
        }

        now += 60 * SECOND;
        limits.open("newcomer");

        assertEquals(1, limits.size());
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:2:ffff::1",
        "::1, ::2",
        "fe80::1%eth7, fe80::2",
    })
    void anIpv6NetworkCountsAsOne(String one, String other) {
        assertEquals(ClientAddress.block(one), ClientAddress.block(other));
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8:1:2::1, 2001:db8:1:3::1",
        "192.0.2.1, 192.0.2.2",
        "192.0.2.1, c000:201::",
    })
    void othersDoNot(String one, String other) {
        assertNotEquals(ClientAddress.block(one), ClientAddress.block(other));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "unknown", "_hidden", "host.example", "[", "[]", "300.1.1.1", "1:2:3"})
    void whatIsNoAddressCountsAsOne(String host) {
        assertEquals(ClientAddress.UNKNOWN, ClientAddress.block(host));
    }

    @Test
    void brackets() {
        assertEquals(ClientAddress.block("2001:db8::1"), ClientAddress.block("[2001:db8::2]"));
        assertNotEquals(ClientAddress.UNKNOWN, ClientAddress.block("[2001:db8::2]"));
    }

    @Test
    void aMappedIpv4AddressIsAnIpv4Address() {
        assertEquals(ClientAddress.block("192.0.2.1"), ClientAddress.block("::ffff:192.0.2.1"));
    }

    @ParameterizedTest
    @CsvSource({"-1, 0", "0, -0.5", "0, NaN"})
    void aNegativeLimitIsRefused(int maxSockets, double perSecond) {
        assertThrows(IllegalArgumentException.class, () -> limits(maxSockets, perSecond));
    }
}
