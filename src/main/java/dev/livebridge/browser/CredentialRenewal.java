package dev.livebridge.browser;

import dev.livebridge.access.AccessDecision;
import dev.livebridge.access.AccessDecision.Admitted;
import dev.livebridge.access.AccessDecision.Refused;
import dev.livebridge.access.AccessRefusal;
import dev.livebridge.access.Caller;
import dev.livebridge.access.request.CallerAccess;
import dev.livebridge.browser.guard.FrameGuard;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.ClientMessage.Auth;
import dev.livebridge.message.EndCause;
import dev.livebridge.session.LiveSession;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * What happens to the credential of a conversation: the client sends a newer one, of which one is verified at a time,
 * or the operator revokes the API key.
 */
final class CredentialRenewal {

    private static final String BUSY = "The last credential is still being checked; wait for the answer.";
    private static final String FOREIGN = "The new credential is not this caller's, or not for this page.";

    private static final String REVOKED = "The API key of this conversation has been revoked.";
    private static final Duration WATCH = Duration.ofSeconds(5);

    private final CallerAccess access;
    private final String origin;
    private final AtomicBoolean busy = new AtomicBoolean();

    /**
     * Renewals of one socket.
     *
     * @param origin of its page
     */
    CredentialRenewal(CallerAccess access, String origin) {
        this.access = access;
        this.origin = origin;
    }

    /** Takes credentials out of the client's messages, and has them verified. */
    List<ClientMessage> takeFrom(List<ClientMessage> messages, LiveSession session) {
        if (messages.stream().noneMatch(Auth.class::isInstance)) {
            return messages;
        }
        messages.stream()
                .filter(Auth.class::isInstance)
                .map(Auth.class::cast)
                .forEach(auth -> verify(auth.token(), session));
        return messages.stream().filter(message -> !(message instanceof Auth)).toList();
    }

    /** Ends the conversation once the key is revoked by which its caller has come, or its ticket's minter. */
    void watch(FrameGuard guard, Caller caller, Supplier<LiveSession> session) {
        if (caller.credentialId().isEmpty()) {
            return;
        }
        guard.later(
                () -> {
                    if (access.isLive(caller)) {
                        watch(guard, caller, session);
                    } else {
                        session.get().end(EndCause.POLICY, REVOKED);
                    }
                },
                WATCH);
    }

    private void verify(String token, LiveSession session) {
        if (!access.required()) {
            return;
        }
        if (!busy.compareAndSet(false, true)) {
            session.reportProblem("auth_busy", BUSY);
            return;
        }
        access.renew(session.credential().caller(), token, origin)
                .onTermination()
                .invoke(() -> busy.set(false))
                .subscribe()
                .with(
                        decision -> decided(decision, session),
                        fault -> session.fault("verifying a credential", new IllegalStateException(fault)));
    }

    private static void decided(AccessDecision decision, LiveSession session) {
        switch (decision) {
            case Admitted(Caller again) -> session.credential().renew(again);
            case Refused(AccessRefusal refusal)
            when refusal == AccessRefusal.FORBIDDEN -> session.end(EndCause.POLICY, FOREIGN);
            case Refused(AccessRefusal refusal) -> session.reportProblem(refusal.label(), refusal.sentence());
        }
    }
}
