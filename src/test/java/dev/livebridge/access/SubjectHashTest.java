package dev.livebridge.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SubjectHashTest {

    private static final SubjectHash HASH = new SubjectHash(new byte[] {1, 2, 3});

    @Test
    void sameSubjectAndSaltGiveTheSameTwelveCharacters() {
        String hash = HASH.of("oidc:alice");

        assertEquals(hash, new SubjectHash(new byte[] {1, 2, 3}).of("oidc:alice"));
        assertTrue(hash.matches("[A-Za-z0-9_-]{12}"), hash);
        assertEquals(SubjectHash.LENGTH, hash.length());
    }

    @Test
    void anotherSubjectOrSaltGivesAnotherHash() {
        assertNotEquals(HASH.of("oidc:alice"), HASH.of("key:alice"));
        assertNotEquals(HASH.of("oidc:alice"), new SubjectHash(new byte[] {1, 2, 4}).of("oidc:alice"));
    }

    @Test
    void toStringOfACallerDoesNotContainItsSubject() {
        Caller caller = new Caller("oidc:alice", CallerKind.BEARER, Set.of("talk"), "", Instant.EPOCH, "default");

        assertFalse(caller.toString().contains("alice"), caller.toString());
    }
}
