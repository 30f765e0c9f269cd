package dev.livebridge.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.access.Caller;
import dev.livebridge.access.CallerKind;
import dev.livebridge.message.EndCause;
import dev.livebridge.session.IdleAndDurationLimits.Notice;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CredentialExpiryTest {

    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    private static final SessionLimits LIMITS = FakeServices.limits(1_000, 1_000, 1_000);

    private static CredentialExpiry goodFor(@Nullable Long seconds) {
        return new CredentialExpiry(caller(seconds), LIMITS);
    }

    private static Caller caller(@Nullable Long seconds) {
        return new Caller(
                "oidc:alice",
                CallerKind.BEARER,
                Set.of("talk"),
                "",
                seconds == null ? null : START.plusSeconds(seconds),
                "talkers");
    }

    private static @Nullable Notice at(CredentialExpiry expiry, long seconds) {
        return expiry.check(START.plusSeconds(seconds));
    }

    private static Notice noticeAt(CredentialExpiry expiry, long seconds) {
        return Objects.requireNonNull(at(expiry, seconds));
    }

    @Test
    void oneWarningPrecedesTheEndAfterTheGraceTime() {
        CredentialExpiry expiry = goodFor(300L);

        assertNull(at(expiry, 239));
        Notice warning = noticeAt(expiry, 240);
        assertEquals("auth_expiring", warning.code());
        assertEquals(60_000, warning.inMillis());
        assertNull(at(expiry, 270));
        assertNull(at(expiry, 324));
        Notice end = noticeAt(expiry, 325);
        assertEquals(EndCause.AUTH_EXPIRED, end.cause());
        assertEquals(0, end.inMillis());
    }

    @Test
    void aNewCredentialPostponesTheEndAndHasItsOwnWarning() {
        CredentialExpiry expiry = goodFor(5L);
        assertEquals(5_000, noticeAt(expiry, 0).inMillis());

        expiry.renew(caller(600L));

        assertNull(at(expiry, 400));
        assertEquals("auth_expiring", noticeAt(expiry, 541).code());
        assertEquals("auth_expired", noticeAt(expiry, 625).code());
    }

    @Test
    void aNewCredentialKeepsRolesAndRule() {
        CredentialExpiry expiry = goodFor(5L);

        expiry.renew(new Caller("oidc:alice", CallerKind.BEARER, Set.of("admin"), "", null, "admins"));

        assertEquals(Set.of("talk"), expiry.caller().roles());
        assertEquals("talkers", expiry.caller().rule());
        assertNull(at(expiry, 1_000_000));
    }

    @Test
    void anExpiredCredentialHasTheGraceTimeOnly() {
        CredentialExpiry expiry = goodFor(-1L);

        assertTrue(noticeAt(expiry, 0).inMillis() > 0);
        assertEquals(0, noticeAt(expiry, 24).inMillis());
    }

    @Test
    void aCredentialWithoutAnEndDoesNotExpire() {
        assertNull(at(goodFor(null), 1_000_000));
    }
}
